-- +goose Up
-- The day that an entry belongs to in the books, where it is another than the day it was
-- made: a payment is the year's in which the bank booked it.
ALTER TABLE ledger
    ADD COLUMN day date;
