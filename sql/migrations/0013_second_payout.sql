-- +goose Up
-- A second payout of an instalment is a claim (receivable) against the
-- municipality's own money (treasury); the round's budget is not touched by it.
ALTER TABLE ledger DROP CONSTRAINT known_entry;
ALTER TABLE ledger ADD CONSTRAINT known_entry CHECK (kind IN (
    'budget', 'granted', 'released', 'paid', 'returned', 'repaid', 'written_off', 'moved', 'overpaid', 'overpaid_back'));
ALTER TABLE round_balances DROP CONSTRAINT known_account;
ALTER TABLE round_balances ADD CONSTRAINT known_account CHECK (account IN (
    'budget', 'available', 'reserved', 'paid', 'written_off', 'receivable', 'treasury'));
ALTER TABLE round_balances DROP CONSTRAINT within_budget;
ALTER TABLE round_balances ADD CONSTRAINT within_budget CHECK (account IN ('budget', 'treasury') OR balance >= 0);

-- A payment in each batch it was in, with the ids it had there, as the bank's answers find it.
CREATE VIEW bank_payments AS
SELECT l.payment, l.application, l.batch, p.n, coalesce(l.reference, '') AS reference, coalesce(CAST(l.uetr AS text), '') AS uetr,
       coalesce(l.pmtinf, '') AS pmtinf, b.message_id, b.state AS batch_state, l.live, coalesce(b.record ->> 'execution_day', '') AS execution,
       coalesce(p.pay, p.amount) * 100 AS ore, p.status, p.disputed, p.return_waits, p.voucher, p.paid_on, p.channel, a.dnr, a.title,
       EXISTS (SELECT 1 FROM jsonb_array_elements(CASE jsonb_typeof(a.record -> 'overpayments') WHEN 'array' THEN a.record -> 'overpayments' ELSE '[]' END) o
               WHERE CAST(o ->> 'payment' AS bigint) = p.id AND o ->> 'end' IS NULL) AS overpaid
FROM batch_lines l
JOIN payments p ON p.id = l.payment
JOIN batches b ON b.id = l.batch
JOIN applications a ON a.id = l.application;
