-- name: insert-mail-return
INSERT INTO mail_returns (sha256, mail, action, status, taken_by, taken_at)
VALUES (:sha256, :mail, :action, :status, :by, :at)
ON CONFLICT DO NOTHING;
