/** What the user gave can't be worked with; the message says what to do instead. Exit status 2. */
export class BadUsage extends Error {
  override name = 'BadUsage'
}
