-- Events that this service publishes, written with its own changes (runtime/events/outbox.ts).
CREATE TABLE IF NOT EXISTS seamripper_outbox (
  position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id CHAR(36) NOT NULL,
  topic VARCHAR(255) NOT NULL,
  message_key VARCHAR(255) NOT NULL,
  event TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
  published_at TIMESTAMPTZ,
  failed_at TIMESTAMPTZ,
  reason TEXT
);
CREATE INDEX IF NOT EXISTS seamripper_outbox_waiting ON seamripper_outbox (position)
  WHERE published_at IS NULL AND failed_at IS NULL;
