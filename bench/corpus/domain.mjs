/** Names of a made-up company: services, their tables and columns. */
const DOMAINS = {
  account: ['accounts', 'account_members', 'account_limits', 'account_notes', 'account_events'],
  catalog: ['products', 'product_variants', 'categories', 'brands', 'product_media', 'price_lists'],
  order: ['orders', 'order_lines', 'order_status_history', 'order_discounts', 'carts', 'cart_lines'],
  payment: ['payments', 'refunds', 'payment_methods', 'disputes', 'payouts', 'settlements'],
  shipping: ['shipments', 'shipment_items', 'carriers', 'tracking_events', 'addresses'],
  stock: ['stock_items', 'stock_moves', 'warehouses', 'suppliers', 'purchase_orders'],
  support: ['tickets', 'ticket_messages', 'macros', 'satisfaction_scores'],
  marketing: ['campaigns', 'audiences', 'coupons', 'coupon_uses', 'newsletters'],
  identity: ['users', 'sessions', 'roles', 'permissions', 'login_attempts', 'devices'],
  billing: ['invoices', 'invoice_lines', 'tax_rates', 'credit_notes', 'subscriptions', 'plans'],
  review: ['reviews', 'review_votes', 'review_reports', 'questions', 'answers'],
  partner: ['partners', 'contracts', 'commissions', 'partner_contacts'],
}

/** Columns that every table has; they are what a query can name. */
export const COLUMNS = [
  'id',
  'tenant_id',
  'status',
  'reference',
  'amount',
  'created_by',
  'created_at',
  'updated_at',
]

export const NOUNS = [
  'status',
  'amount',
  'reference',
  'total',
  'window',
  'limit',
  'label',
  'address',
  'period',
  'score',
]

/**
 * Services with their tables. Every fourth has a PostgreSQL database of its own, the others share one of MySQL. Past
 * the end of the list, names get numbers.
 */
export function planServices(count) {
  const domains = Object.entries(DOMAINS)
  return Array.from({ length: count }, (_, index) => {
    const [domain, tables] = domains[index % domains.length]
    const round = Math.floor(index / domains.length)
    const suffix = round === 0 ? '' : String(round + 1)
    return {
      name: `${domain}${suffix}-service`,
      domain: `${domain}${suffix}`,
      dialect: index % 4 === 3 ? 'postgresql' : 'mysql',
      tables: tables.map(table => (suffix === '' ? table : `${table}_${suffix}`)),
    }
  })
}

/** `order_lines` -> `OrderLines` */
export function pascal(name) {
  return name
    .split(/[_-]/)
    .map(part => part.charAt(0).toUpperCase() + part.slice(1))
    .join('')
}
