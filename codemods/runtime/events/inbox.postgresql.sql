-- Events that this service applied, or set aside with the reason (runtime/events/inbox.ts).
CREATE TABLE IF NOT EXISTS seamripper_inbox (
  event_hash CHAR(64) NOT NULL PRIMARY KEY,
  source VARCHAR(255) NOT NULL,
  id VARCHAR(255) NOT NULL,
  type VARCHAR(255) NOT NULL,
  received_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
  failed_at TIMESTAMPTZ,
  reason TEXT,
  event TEXT
);
CREATE INDEX IF NOT EXISTS seamripper_inbox_failed ON seamripper_inbox (failed_at) WHERE failed_at IS NOT NULL;
