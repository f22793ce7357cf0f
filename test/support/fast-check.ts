/**
 * fast-check with the same inputs at every run, so that a run of CI tells of the change that it runs on.
 * `SEED=3 npx vitest run test/sql` makes others.
 */
import fc from 'fast-check'

fc.configureGlobal({ seed: Number(process.env.SEED ?? 7) })

export default fc
