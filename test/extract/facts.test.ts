import { describe, expect, test } from 'vitest'
import { extractFacts } from '../../analyzers/extract/index.js'
import { shown } from './render.js'

type Case = [name: string, code: string, ...shown: string[]]

/** The value of a variable at a call, after the flow of control that leads there. */
// biome-ignore format: one case a line
const groups: Record<string, Case[]> = {
  literals: [
    ['a string', `show('a')`, 'a'],
    ['a template', 'const t = 1; show(`a ${t} b`)', 'a 1 b'],
    ['plus', `show('a' + 'b' + 'c')`, 'abc'],
    ['a number', `show('a' + 1)`, 'a1'],
    ['a constant', `function f() { const q = 'a'; show(q) }`, 'a'],
    ['a cast', `show(('a' as string)!)`, 'a'],
    ['an unknown operator', `show(1 < 2)`, '<?>'],
    ['a name of the file', `const q = 'a'; function f() { show(q) }`, '<q>'],
    ['a name of no one', `function f() { show(nothing) }`, '<nothing>'],
    ['a parameter', `function f(p: string) { show(p + '!') }`, '<p>!'],
    ['null', `show('a' + null)`, 'a<?>'],
  ],
  'growing texts': [
    ['+=', `function f() { let q = 'a'; q += 'b'; q += 'c'; show(q) }`, 'abc'],
    ['q = q + x', `function f() { let q = 'a'; q = q + 'b'; show(q) }`, 'ab'],
    ['q = x + q', `function f() { let q = 'a'; q = 'b' + q; show(q) }`, 'ba'],
    ['under an if', `function f(x) { let q = 'a'; if (x) q += 'b'; show(q) }`, 'a(b)?'],
    ['two ifs', `function f(x) { let q = 'a'; if (x) q += 'b'; if (x.y) q += 'c'; show(q) }`, 'a(b)?(c)?'],
    ['more behind', `function f(x) { let q = 'a'; if (x) q += 'b'; q += 'c'; show(q) }`, 'a(b)?c'],
    ['if and else', `function f(x) { let q = 'a'; if (x) q += 'b'; else q += 'c'; show(q) }`, 'a(b|c)'],
    ['twice under an if', `function f(x) { let q = 'a'; if (x) { q += 'b'; q += 'c' } show(q) }`, 'a(bc)?'],
    ['nested', `function f(x) { let q = 'a'; if (x) { q += 'b'; if (x.y) q += 'c' } show(q) }`, 'a(b(c)?)?'],
    ['before and after', `function f(x) { let q = 'a'; show(q); if (x) { q += 'b'; show(q) } show(q) }`, 'a', 'ab', 'a(b)?'],
    ['else if', `function f(x) { let q = 'a'; if (x === 1) q += 'b'; else if (x === 2) q += 'c'; show(q) }`, 'a(b|c)?'],
    ['a switch', `function f(x) { let q = 'a'; switch (x) { case 1: q += 'b'; break; case 2: q += 'c'; break } show(q) }`, 'a(b|c)?'],
    ['a switch that falls', `function f(x) { let q = 'a'; switch (x) { case 1: q += 'b'; case 2: q += 'c' } show(q) }`, 'a((b)?c)?'],
    ['a ternary', `function f(x) { let q = 'a'; q += x ? 'b' : ''; show(q) }`, 'a(b)?'],
    ['and', `function f(x) { let q = 'a'; q += x && 'b'; show(q) }`, 'a(b)?'],
    ['in a callback', `function f(x) { let q = 'a'; x.forEach(() => { q += 'b' }); show(q) }`, 'a(b)?'],
    ['an early return', `function f(x) { let q = 'a'; if (x) { q += 'b'; return } q += 'c'; show(q) }`, 'ac'],
    ['an early throw', `function f(x) { let q = 'a'; if (x) { q += 'b'; throw q } q += 'c'; show(q) }`, 'ac'],
    ['both return', `function f(x) { let q = 'a'; if (x) { return show(q + 'b') } else { return show(q + 'c') } }`, 'ab', 'ac'],
  ],
  flow: [
    ['a parameter of the function around', `function f(p: string) { return () => { show(p) } }`, '<p>'],
    ['var in a block', `function f(x) { if (x) { var q = 'a' } show(q) }`, 'a'],
    ['replaced in do', `function f(x) { let q = 'a'; do { q = 'b' } while (x); show(q) }`, 'b'],
    ['break', `function f(x) { let q = 'a'; for (;;) { if (x) { q = 'b'; break } q = 'c' } show(q) }`, 'b'],
    ['an endless loop with a return', `function f(x) { let q = 'a'; for (;;) { q += 'b'; if (x) { show(q); return } } }`, 'a(b)?b'],
  ],
  assignments: [
    ['replaces', `function f() { let q = 'a'; q = 'b'; show(q) }`, 'b'],
    ['under an if', `function f(x) { let q = 'a'; if (x) q = 'b'; show(q) }`, '(a|b)'],
    ['if and else', `function f(x) { let q; if (x) q = 'a'; else q = 'b'; show(q) }`, '(a|b)'],
    ['to the same', `function f(x) { let q = 'a'; if (x) q = q; show(q) }`, 'a'],
    ['a copy keeps the old', `function f() { let q = 'a'; const r = q; q = 'b'; show(r); show(q) }`, 'a', 'b'],
    ['a switch', `function f(x) { let q; switch (x) { case 1: q = 'a'; break; default: q = 'b' } show(q) }`, '(a|b)'],
    ['an if in a switch', `function f(x) { let q = 'z'; switch (x) { case 1: if (x.y) { q = 'a'; break } q = 'b'; break; case 2: return } show(q) }`, '(a|b|z)'],
    ['try and catch', `function f() { let q = 'a'; try { q = 'b' } catch { q = 'c' } show(q) }`, '(b|c)'],
    ['try and an empty catch', `function f() { let q = 'a'; try { q = g() + 'b' } catch {} show(q) }`, '(<g>()b|a)'],
    ['finally', `function f() { let q = 'a'; try { g() } finally { q = 'b' } show(q) }`, 'b'],
    ['a catch that throws', `function f() { let q; try { q = 'a' } catch (e) { throw e } show(q) }`, 'a'],
    ['destructured', `function f() { const { a, b: [c] } = { a: 'x', b: ['y'] }; show(a); show(c) }`, '{ a: x, b: [y] }.a', '{ a: x, b: [y] }.b[0]'],
    ['an inner name', `function f(x) { const q = 'a'; { const q = 'b'; show(q) } show(q) }`, 'b', 'a'],
    ['a name of a loop', `function f(x) { const q = 'a'; for (const q of x) show(q); show(q) }`, '<each of <x>>', 'a'],
    ['or else', `function f(x) { const q = x || 'a'; show(q) }`, '(<x>|a)'],
    ['a label', `function f(x) { let q = 'a'; here: { if (x) break here; q = 'b' } show(q) }`, '(a|b)'],
  ],
  loops: [
    ['grows in for-of', `function f(x) { let q = 'a'; for (const y of x) q += 'b'; show(q) }`, 'a(b)?'],
    ['replaced in while', `function f(x) { let q = 'a'; while (x) q = 'b'; show(q) }`, '(a|b)'],
    ['continue', `function f(x) { let q = 'a'; for (const y of x) { if (y) { q = 'b'; continue } q = 'c' } show(q) }`, '(a|b|c)'],
    ['an element', `function f() { for (const y of ['a', 'b']) show('x' + y) }`, 'x<each of [a, b]>'],
    ['seen in the next round', `function f(x) { let q = 'a'; while (x) { show(q); q = 'b' } }`, '(a|b)'],
  ],
  arrays: [
    ['push', `function f() { const c = []; c.push('a'); c.push('b', 'c'); show(c) }`, '[a, b, c]'],
    ['push under an if', `function f(x) { const c = ['a']; if (x) c.push('b'); if (x.y) c.push('c'); show(c) }`, '[a, b?, c?]'],
    ['push in both', `function f(x) { const c = []; if (x) c.push('a'); else c.push('b'); show(c) }`, '[a?, b?]'],
    ['push in a loop', `function f(x) { const c = []; for (const y of x) c.push('a'); show(c) }`, '[a?]'],
    ['push in a callback', `function f(x) { const c = []; x.forEach(y => c.push('a')); show(c) }`, '[a?]'],
    ['after an early return', `function f(x) { const c = ['a']; if (x) { c.push('b'); return } show(c) }`, '[a]'],
    ['spread', `function f() { const a = ['x']; show([...a, 'y']) }`, '[...[x], y]'],
    ['join', `function f() { const a = ['x']; show(a.join(', ')) }`, '[x].join(, )'],
  ],
  objects: [
    ['a property', `function f() { const o = { a: 'x' }; show(o.a) }`, '{ a: x }.a'],
    ['a property set', `function f() { const o: any = {}; o.a = 'x'; show(o) }`, '{  } & { a: x }'],
    ['a property set under an if', `function f(x) { const o: any = { a: '' }; if (x) o.a = 'x'; show(o.a) }`, '{ a:  } & { a: x }.a'],
  ],
}

for (const [group, cases] of Object.entries(groups)) {
  describe(group, () => {
    test.each(cases)('%s', (_name, code, ...expected) => {
      expect(shown(code)).toEqual(expected)
    })
  })
}

describe('sizes', () => {
  const repeat = (count: number, piece: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => piece(index)).join('\n')

  test.each([
    ['optional pieces', (i: number) => `if (x.a${i}) q += ' ${i}'`],
    ['choices', (i: number) => `if (x.a${i}) q += ' a${i}'; else q += ' b${i}'`],
    ['assignments', (i: number) => `if (x.a${i}) q = ' ${i}'`],
    ['switches', (i: number) => `switch (x.a${i}) { case 1: q += '1'; break; case 2: q += '2' }`],
    ['loops', (i: number) => `for (const y of x.a${i}) q += '${i}'`],
    ['callbacks', (i: number) => `x.a${i}.forEach(() => { q += '${i}' })`],
    ['early returns', (i: number) => `if (x.a${i}) return show(q); q += '${i}'`],
  ])('%s: nodes grow in line with the code', (_name, piece) => {
    const nodes = (count: number): number =>
      extractFacts('src/a.ts', `function f(x) { let q = ''\n${repeat(count, piece)}\nshow(q) }`).nodes.length
    expect(nodes(400)).toBeLessThan(nodes(100) * 6)
  })

  test('loops in loops take no time that doubles with each', () => {
    const code = `${repeat(12, i => `for (const y${i} of x) { q += '${i}'`)} ${'}'.repeat(12)}`
    expect(
      extractFacts('src/a.ts', `function f(x) { let q = ''\n${code}\nshow(q) }`).nodes.length,
    ).toBeLessThan(5_000)
  })
})
