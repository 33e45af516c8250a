-- Payments and the round's money.

-- name: insert-payments
INSERT INTO payments (application, n, share, amount, pay, earliest, last, status, channel, paid_on, voucher, batch, reason)
SELECT application, n, share, amount, pay, earliest, last, status, channel, paid_on, voucher, batch, reason
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (application bigint, n int, share numeric, amount bigint, pay bigint, earliest date, last boolean, status text,
    channel text, paid_on date, voucher text, batch bigint, reason text);

-- name: update-payments
UPDATE payments p
SET pay = n.pay, earliest = n.earliest, last = n.last, status = n.status, channel = n.channel, paid_on = n.paid_on, voucher = n.voucher,
    batch = n.batch, reason = n.reason, disputed = n.disputed, return_waits = n.return_waits
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS n (id bigint, application bigint, pay bigint, earliest date, last boolean, status text, channel text, paid_on date,
    voucher text, batch bigint, reason text, disputed boolean, return_waits boolean)
WHERE p.id = n.id AND p.application = n.application;

-- Each batch gives a payment new ids: what once stood in a file is never used again.
-- name: set-references
UPDATE payments p
SET reference = n.reference, uetr = n.uetr
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS n (payment bigint, reference text, uetr uuid)
WHERE p.id = n.payment;

-- name: insert-entries
INSERT INTO ledger (round, application, version, at, kind, from_acc, to_acc, amount, day)
SELECT round, application, version, at, kind, from_acc, to_acc, amount, day
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS n (round text, application bigint, version bigint, at timestamptz, kind text, from_acc text, to_acc text, amount bigint, day date);

-- name: insert-budget-entry
INSERT INTO ledger (round, at, kind, from_acc, to_acc, amount)
VALUES (:round, :at, 'budget', :from_acc, :to_acc, :amount);

-- One round's, or every round's.
-- name: round-balances
SELECT round, account, balance
FROM round_balances
WHERE :round = '' OR round = :round;

-- Cases with an instalment that may be payable; workflow says whether it is.
-- name: payable-payments
SELECT DISTINCT p.application
FROM payments p
JOIN applications a ON a.id = p.application
WHERE p.status = 'planned'
  AND (p.earliest IS NULL OR p.earliest <= CAST(:today AS date))
  AND a.state IN ('conditions_accepted', 'payable', 'paid_1', 'travelling', 'report_due', 'report_submitted', 'report_returned', 'report_accepted', 'settled')
ORDER BY p.application;

-- Money that a round did not use, on its way to another.
-- name: insert-moved-entry
INSERT INTO ledger (round, at, kind, from_acc, to_acc, amount)
VALUES (:round, :at, 'moved', :from_acc, :to_acc, :amount);

-- name: round-budget
UPDATE rounds
SET version = version + 1, budget = budget + :change
WHERE id = :id;

-- The plan of a decision that was taken back: never in a batch, known to nobody outside.
-- name: drop-untold-payments
DELETE FROM payments
WHERE application = :application AND status = 'planned' AND batch IS NULL AND reference IS NULL
  AND NOT (id = ANY (:keep));
