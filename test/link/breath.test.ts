import { expect, test } from 'vitest'
import { createBreath } from '../../analyzers/breath.js'

test('what waits for the program gets its turn, but not more often than there is need', async () => {
  let time = 0
  const heard: number[] = []
  const breath = createBreath(() => time)
  for (const now of [50, 99, 100, 150, 250]) {
    time = now
    setImmediate(() => heard.push(now))
    await breath()
    if (now < 100) expect(heard).toEqual([])
  }
  expect(heard.slice(0, 3)).toEqual([50, 99, 100])
})
