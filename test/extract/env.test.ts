import { expect, test } from 'vitest'
import { Env } from '../../analyzers/extract/env.js'
import fc from '../support/fast-check.js'

const BINDINGS = 5_000

/** Bindings that are given a value, or forgotten. Far apart, so that the tree gets several levels. */
const changes = fc.array(fc.tuple(fc.nat(BINDINGS - 1), fc.option(fc.nat(9), { nil: undefined })), {
  maxLength: 40,
})

function apply(env: Env, model: Map<number, number>, list: [number, number | undefined][]): void {
  for (const [binding, value] of list) {
    if (value === undefined) {
      env.delete(binding)
      model.delete(binding)
    } else {
      env.set(binding, value)
      model.set(binding, value)
    }
  }
}

function expectSame(env: Env, model: Map<number, number>): void {
  const held = Array.from({ length: BINDINGS }, (_, binding) => [binding, env.get(binding)] as const)
  expect(new Map(held.filter(([, value]) => value !== undefined))).toEqual(
    new Map([...model].sort(([a], [b]) => a - b)),
  )
}

test('copies and joins hold what maps would hold', () => {
  fc.assert(
    fc.property(changes, changes, changes, (before, left, right) => {
      const [env, model] = [new Env(), new Map<number, number>()]
      apply(env, model, before)
      const [a, modelA] = [env.copy(), new Map(model)]
      const [b, modelB] = [env.copy(), new Map(model)]
      apply(a, modelA, left)
      apply(b, modelB, right)
      expectSame(env, model)
      expectSame(a, modelA)

      const joined = new Map(modelA)
      for (const [binding, value] of modelB) {
        const other = modelA.get(binding)
        joined.set(binding, other === undefined || other === value ? value : other * 100 + value)
      }
      expectSame(
        a.merge(b, (one, other) => one * 100 + other),
        joined,
      )
      const changed = [...modelB].filter(([binding, value]) => modelA.get(binding) !== value)
      expect(b.changesFrom(a)).toEqual(changed.sort(([one], [other]) => one - other))
    }),
    { numRuns: 60 },
  )
})
