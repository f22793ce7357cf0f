-- Tables of hardwave-suite that none of its files creates, with the columns that its statements name. The keys are of the
-- type of the foreign keys that refer to them; the other types are what the code does with the values.
CREATE TABLE users (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  email VARCHAR(255) NOT NULL UNIQUE,
  password_hash VARCHAR(255) NOT NULL,
  display_name VARCHAR(255) NULL,
  avatar_url VARCHAR(500) NULL,
  is_admin TINYINT(1) NOT NULL DEFAULT 0,
  is_active TINYINT(1) NOT NULL DEFAULT 1,
  role VARCHAR(50) NULL DEFAULT 'user',
  phone VARCHAR(50) NULL,
  address_line1 VARCHAR(255) NULL,
  address_line2 VARCHAR(255) NULL,
  city VARCHAR(100) NULL,
  state VARCHAR(100) NULL,
  postal_code VARCHAR(20) NULL,
  country VARCHAR(100) NULL,
  notes TEXT NULL,
  reset_token VARCHAR(255) NULL,
  reset_token_expires DATETIME NULL,
  last_login DATETIME NULL,
  last_login_at DATETIME NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL
);
CREATE TABLE subscriptions (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  user_id INT NOT NULL,
  stripe_subscription_id VARCHAR(255) NULL UNIQUE,
  stripe_customer_id VARCHAR(255) NULL,
  plan_name VARCHAR(100) NULL,
  price_cents INT NULL,
  currency VARCHAR(10) NULL,
  status VARCHAR(50) NOT NULL,
  cancel_at_period_end TINYINT(1) NOT NULL DEFAULT 0,
  canceled_at DATETIME NULL,
  current_period_start DATETIME NULL,
  current_period_end DATETIME NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL
);
CREATE TABLE licenses (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  user_id INT NULL,
  subscription_id INT NULL,
  license_key VARCHAR(64) NOT NULL UNIQUE,
  product VARCHAR(50) NULL,
  type VARCHAR(50) NULL,
  status VARCHAR(50) NOT NULL,
  activations INT NOT NULL DEFAULT 0,
  max_activations INT NOT NULL DEFAULT 1,
  machine_id VARCHAR(255) NULL,
  last_verified_at DATETIME NULL,
  expires_at DATETIME NULL,
  revoked_at DATETIME NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL
);
CREATE TABLE invoices (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  user_id INT NOT NULL,
  subscription_id INT NULL,
  stripe_invoice_id VARCHAR(255) NULL UNIQUE,
  stripe_payment_intent_id VARCHAR(255) NULL,
  invoice_number VARCHAR(100) NULL,
  status VARCHAR(50) NOT NULL,
  amount_cents INT NOT NULL,
  currency VARCHAR(10) NOT NULL,
  description TEXT NULL,
  invoice_pdf_url TEXT NULL,
  hosted_invoice_url TEXT NULL,
  paid_at DATETIME NULL,
  period_start DATETIME NULL,
  period_end DATETIME NULL,
  created_at DATETIME NOT NULL
);
CREATE TABLE audit_log (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  admin_id INT NULL,
  action VARCHAR(100) NOT NULL,
  target_type VARCHAR(50) NULL,
  target_id VARCHAR(64) NULL,
  details JSON NULL,
  created_at DATETIME NOT NULL
);
