import { expect, test } from 'vitest'
import type { FileFacts } from '../../analyzers/extract/facts.js'
import { createThreads } from '../../analyzers/threads/index.js'

/** A thread whose code is this. */
const running = (code: string) => () => new URL(`data:text/javascript,${encodeURIComponent(code)}`)

const inputs = Array.from({ length: 40 }, (_, at) => ({ path: `${at}.ts`, source: '' }))

/** Facts that tell which thread they come from. */
const factsBy = (who: string, path: string) => ({ file: path, who }) as unknown as FileFacts

async function shared(jobs: number, code: string, size = 100_000) {
  const deaths: string[] = []
  const threads = createThreads(jobs, [], reason => deaths.push(reason), running(code))
  const job = threads.begin({
    task: 'extract',
    sizeOf: () => size,
    here: ({ path }) => {
      // Long enough for others to have their turn.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
      return factsBy('here', path)
    },
  })
  for (const input of inputs) job.add(input)
  const made = (await job.results()) as unknown as { file: string; who: string }[]
  threads.close()
  return { files: made.map(each => each.file), who: new Set(made.map(each => each.who)), deaths }
}

const inOrder = inputs.map(({ path }) => path)

const PORT = `import { workerData } from 'node:worker_threads'; const { port } = workerData; port.postMessage('ready');`
const ANSWER = `port.postMessage(JSON.stringify(inputs.map(({ path }) => ({ file: path, who: 'there' }))))`

test('other threads do a share, and results come in the order of the inputs', async () => {
  const made = await shared(3, `${PORT} port.on('message', ({ inputs }) => ${ANSWER})`)
  expect(made).toEqual({ files: inOrder, who: new Set(['here', 'there']), deaths: [] })
})

test.each([
  ['one job', 1, 100_000],
  ['little work', 3, 1_000],
])('%s starts no other thread', async (_, jobs, size) => {
  const made = await shared(jobs, 'syntax error', size)
  expect(made).toEqual({ files: inOrder, who: new Set(['here']), deaths: [] })
})

test.each([
  ['at its start', 'throw new Error("no start")', 'no start'],
  ['for its code can not be read', 'syntax error', /Unexpected identifier/],
  ['at its work', `${PORT} port.on('message', () => { throw new Error('no work') })`, 'no work'],
  ['without a word', `${PORT} port.on('message', () => process.exit(3))`, 'it ended with status 3'],
  [
    'after its first answer',
    `${PORT} port.on('message', ({ inputs }) => { ${ANSWER}; setTimeout(() => process.exit(4), 5) })`,
    'it ended with status 4',
  ],
])('a thread that dies %s is told, and its work is done here', async (_, code, reason) => {
  const made = await shared(2, code)
  expect(made.files).toEqual(inOrder)
  expect(made.who).toContain('here')
  expect(made.deaths).toEqual([expect.stringMatching(reason)])
})

test('a thread that never gets ready is not waited for', async () => {
  const made = await shared(2, `setInterval(() => {}, 1000)`)
  expect(made).toEqual({ files: inOrder, who: new Set(['here']), deaths: [] })
})

test('threads that work is expected for are there before it comes', () => {
  const started: URL[] = []
  const entry = running(PORT)
  const threads = createThreads(
    3,
    [],
    () => {},
    () => {
      const url = entry()
      started.push(url)
      return url
    },
  )
  threads.expect(900_000)
  expect(started).toHaveLength(1)
  threads.expect(5_000_000)
  expect(started).toHaveLength(2)
  threads.close()
})

test('work that is not wanted any more is not done', async () => {
  const done: string[] = []
  const threads = createThreads(1, [], () => {})
  const job = threads.begin({
    task: 'extract',
    sizeOf: () => 1,
    here: ({ path }) => {
      done.push(path)
      return factsBy('here', path)
    },
  })
  for (const input of inputs) job.add(input)
  const made = await job.results(new Set([3, 17]))
  threads.close()
  expect(done).toEqual(['3.ts', '17.ts'])
  expect([made[3], made[17]]).toMatchObject([{ file: '3.ts' }, { file: '17.ts' }])
})
