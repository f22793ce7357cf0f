/** Rows held to the number that the driver's method expected: `one`, `oneOrNone`, `many`. */

/** There are more rows than were expected, or fewer. `code` is that of pg-promise: 0 for none, 2 for several. */
export class RowCountError extends Error {
  override name = 'RowCountError'
  readonly code: 0 | 2
  readonly received: number

  constructor(message: string, code: 0 | 2, received: number) {
    super(message)
    this.code = code
    this.received = received
  }
}

export function oneRow<Row>(rows: Row[]): Row {
  if (rows.length === 0) throw none()
  return rowOrNull(rows) as Row
}

export function rowOrNull<Row>(rows: Row[]): Row | null {
  return rowOrUndefined(rows) ?? null
}

export function rowOrUndefined<Row>(rows: Row[]): Row | undefined {
  if (rows.length > 1) throw new RowCountError('Multiple rows were not expected.', 2, rows.length)
  return rows[0]
}

export function someRows<Row>(rows: Row[]): Row[] {
  if (rows.length === 0) throw none()
  return rows
}

function none(): RowCountError {
  return new RowCountError('No data returned from the query.', 0, 0)
}
