/** The gate can't do what it was asked for, which the user can mend: the message says how. */
export class GateError extends Error {
  override name = 'GateError'
}
