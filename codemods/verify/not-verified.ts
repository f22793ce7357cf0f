/** Why nothing, or not all, can be verified. */

/** What the user has to mend before anything can be verified. */
export class VerifyError extends Error {
  override name = 'VerifyError'
}

/** Why a part can't be verified: for the user, as the end of a sentence. */
export class NotVerified extends Error {
  override name = 'NotVerified'
}
