-- Payments and the round's money.

-- name: insert-payment
INSERT INTO payments (application, n, share, amount, pay, earliest, last, status, channel, paid_on, voucher, batch, reason)
VALUES (:application, :n, CAST(:share AS numeric), :amount, :pay, :earliest, :last, :status, :channel, :paid_on, :voucher, :batch, :reason)
RETURNING id;

-- name: update-payment
UPDATE payments
SET pay = :pay, earliest = :earliest, last = :last, status = :status, channel = :channel, paid_on = :paid_on, voucher = :voucher,
    batch = :batch, reason = :reason, disputed = :disputed, return_waits = :return_waits
WHERE id = :id AND application = :application;

-- Each batch gives a payment new ids: what once stood in a file is never used again.
-- name: set-reference
UPDATE payments
SET reference = :reference, uetr = CAST(:uetr AS uuid)
WHERE id = :id;

-- name: insert-entry
INSERT INTO ledger (round, application, version, at, kind, from_acc, to_acc, amount)
VALUES (:round, :application, :version, :at, :kind, :from_acc, :to_acc, :amount);

-- name: insert-budget-entry
INSERT INTO ledger (round, at, kind, from_acc, to_acc, amount)
VALUES (:round, :at, 'budget', :from_acc, :to_acc, :amount);

-- name: round-balances
SELECT account, balance
FROM round_balances
WHERE round = :round;

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
