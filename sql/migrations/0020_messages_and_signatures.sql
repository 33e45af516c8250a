-- +goose Up
-- A large batch goes to the bank in several messages: which of them a payment stood in,
-- where it is not the one that has the batch's own number.
ALTER TABLE batch_lines
    ADD COLUMN message text;
CREATE INDEX batch_lines_message ON batch_lines (message) WHERE message IS NOT NULL;

CREATE OR REPLACE VIEW bank_payments AS
SELECT l.payment, l.application, l.batch, p.n, coalesce(l.reference, '') AS reference, coalesce(CAST(l.uetr AS text), '') AS uetr,
       coalesce(l.pmtinf, '') AS pmtinf, coalesce(l.message, b.message_id) AS message_id, b.state AS batch_state, l.live, coalesce(b.record ->> 'execution_day', '') AS execution,
       coalesce(p.pay, p.amount) * 100 AS ore, p.status, p.disputed, p.return_waits, p.voucher, p.paid_on, p.channel, a.dnr, a.title,
       EXISTS (SELECT 1 FROM jsonb_array_elements(CASE jsonb_typeof(a.record -> 'overpayments') WHEN 'array' THEN a.record -> 'overpayments' ELSE '[]' END) o
               WHERE CAST(o ->> 'payment' AS bigint) = p.id AND o ->> 'end' IS NULL) AS overpaid
FROM batch_lines l
JOIN payments p ON p.id = l.payment
JOIN batches b ON b.id = l.batch
JOIN applications a ON a.id = l.application;

-- Who answered for a month's reconciliation, when, and the figures as they stood then.
-- Figures that differ later are signed anew, with the next number; nothing is taken back.
CREATE TABLE month_signatures (
    month     text NOT NULL CONSTRAINT signature_month CHECK (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
    n         int NOT NULL,
    figures   text NOT NULL, -- JSON, byte for byte as it was hashed
    sha256    text NOT NULL CONSTRAINT signature_hash CHECK (sha256 = encode(sha256(convert_to(figures, 'UTF8')), 'hex')),
    note      text NOT NULL DEFAULT '',
    signed_by bigint NOT NULL REFERENCES people,
    at        timestamptz NOT NULL,
    PRIMARY KEY (month, n)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON month_signatures FOR EACH ROW EXECUTE FUNCTION append_only();
