#!/usr/bin/env node
import { BadUsage } from './bad-usage.js'
import { fail } from './fail.js'
import { isTooOld, nodeRange, version } from './version.js'

process.on('uncaughtException', fail)
// A reader that closes early (`| head`) has what it wanted.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit()
  fail(error)
})
// So may one of both (`2>&1 | head`). To tell of it there would fail again, and again.
process.stderr.on('error', () => {})

const words = process.argv.slice(2)
if (words.length === 1 && words[0] === '--version') {
  // Answered before the command line's parser loads, which takes longer than all the rest.
  process.stdout.write(`${version}\n`)
} else if (isTooOld(process.versions.node)) {
  // npm only warns where `engines` does not fit. What breaks then would look like a fault of the tool.
  fail(
    new BadUsage(
      `This is Node ${process.versions.node}, and ${nodeRange.replace(/^>=/, '')} or newer is needed.`,
    ),
  )
} else {
  const { run } = await import('./run.js')
  await run(words).catch(fail)
}
