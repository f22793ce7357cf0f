/** From changed files to the disk. */
export { nextSteps } from '../next-steps.js'
export { neighboursInTheWay } from './changes.js'
export { gitState } from './git.js'
export { WriteError, writeChanges } from './write.js'
