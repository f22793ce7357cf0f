-- Events that this service publishes, written with its own changes (runtime/events/outbox.ts).
CREATE TABLE IF NOT EXISTS seamripper_outbox (
  position BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  id CHAR(36) NOT NULL,
  topic VARCHAR(255) NOT NULL,
  message_key VARCHAR(255) NOT NULL,
  event LONGTEXT NOT NULL,
  created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
  published_at TIMESTAMP NULL DEFAULT NULL,
  failed_at TIMESTAMP NULL DEFAULT NULL,
  reason TEXT NULL,
  KEY seamripper_outbox_waiting (published_at, failed_at, position)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;
