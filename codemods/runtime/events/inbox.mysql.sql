-- Events that this service applied, or set aside with the reason (runtime/events/inbox.ts).
CREATE TABLE IF NOT EXISTS seamripper_inbox (
  event_hash CHAR(64) NOT NULL PRIMARY KEY,
  source VARCHAR(255) NOT NULL,
  id VARCHAR(255) NOT NULL,
  type VARCHAR(255) NOT NULL,
  received_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
  failed_at TIMESTAMP NULL DEFAULT NULL,
  reason TEXT NULL,
  event LONGTEXT NULL,
  KEY seamripper_inbox_failed (failed_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;
