/** The day of UTC, `YYYY-MM-DD`: the same on every machine. */
export function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10)
}
