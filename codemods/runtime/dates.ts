/** Dates as the drivers of MySQL and PostgreSQL read and write them. */

/** What decides the values of a driver. */
export interface Driver {
  dialect: 'mysql' | 'postgresql'
  /** What dates without a zone mean: `local`, `Z` or `+02:00`. */
  timezone: string
  /** MySQL: values are bound to a prepared statement (`execute`), not written into its text (`query`). */
  prepared?: true
  /** It throws for undefined, where others take NULL. */
  noUndefined?: true
  /** It makes something of a `Date` for a text that no other driver does. */
  noDateAsText?: true
  /** postgres.js: the column's type decides how a value is written, whatever the value is. */
  byColumn?: true
  /** PostgreSQL: zone of its sessions, which a moment without one is in. */
  sessionZone?: string
}

const DATE =
  /^(\d{4,6})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d(?::?\d\d){0,2})?)?( BC)?$/

/** Parts of a date as text; null where it is none. */
export function parseDate(text: string, timezone: string): Date | null {
  const match = DATE.exec(text)
  if (match === null) return null
  const [, year = '', month = '', day = '', hours = '0', minutes = '0', seconds = '0', fraction = ''] = match
  if (month === '00' || day === '00') return new Date(Number.NaN)
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'))
  const fullYear = match[9] === undefined ? Number(year) : 1 - Number(year)
  const clock: [number, number, number, number] = [
    Number(hours),
    Number(minutes),
    Number(seconds),
    milliseconds,
  ]
  const zone = match[8] ?? timezone
  // The constructors take years below 100 for those of the last century.
  const date = new Date(0)
  if (zone === 'local') {
    date.setFullYear(fullYear, Number(month) - 1, Number(day))
    date.setHours(...clock)
    return date
  }
  date.setUTCFullYear(fullYear, Number(month) - 1, Number(day))
  date.setUTCHours(...clock)
  return new Date(date.getTime() - offsetOf(zone))
}

/** Milliseconds that a zone such as `+02:00` is ahead of UTC. */
function offsetOf(zone: string): number {
  if (zone === 'Z') return 0
  const [hours = 0, minutes = 0, seconds = 0] = (zone.slice(1).replace(/:/g, '').match(/\d\d/g) ?? []).map(
    Number,
  )
  return (zone.startsWith('-') ? -1000 : 1000) * (hours * 3600 + minutes * 60 + seconds)
}

/** `2024-02-29 13:45:00.000` on the clock of a zone, and behind it what `suffix` says. */
export function formatDate(date: Date, timezone: string, suffix = ''): string {
  const clock = timezone === 'local' ? localClock(date) : new Date(date.getTime() + offsetOf(timezone))
  const year = clock.getUTCFullYear()
  const rest = clock
    .toISOString()
    .replace(/^[+-]?\d+/, '')
    .replace('T', ' ')
    .replace('Z', suffix)
  // There is no year 0: 1 BC comes before 1 AD.
  return year > 0 ? pad(year, 4) + rest : `${pad(1 - year, 4)}${rest} BC`
}

/** A date whose clock in UTC shows what the local clock shows. */
function localClock(date: Date): Date {
  const clock = new Date(0)
  clock.setUTCFullYear(date.getFullYear(), date.getMonth(), date.getDate())
  clock.setUTCHours(date.getHours(), date.getMinutes(), date.getSeconds(), date.getMilliseconds())
  return clock
}

/** `+02:00`: what the local clock was ahead of UTC at a date. */
export function localOffset(date: Date): string {
  const minutes = -date.getTimezoneOffset()
  const size = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60), 2)}:${pad(Math.floor(size % 60), 2)}`
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0')
}
