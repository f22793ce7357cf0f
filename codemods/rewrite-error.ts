/** What the user has to mend before anything can be rewritten. */
export class RewriteError extends Error {
  override name = 'RewriteError'
}
