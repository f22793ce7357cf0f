import { expect, test } from 'vitest'
import { mayTouchSql } from '../../analyzers/extract/relevance.js'

test.each([
  // The verb in capitals, wherever it stands.
  "log('SELECT 1')",
  'x + "; DELETE " + y + "FROM t SELECT a"',
  // In any writing, where a text, a line or a statement begins.
  "const q = 'select a from t'",
  'const q = `\n  select a\n`',
  'const q = ` Select a from t`',
  String.raw`const q = "-- all of them\nselect a from t"`,
  "const q = '/* hint */ select a from t'",
  "const q = '(select a from t)'",
  'const q = `${withSomething} select a from t`',
  "const q = 'set x = 1; select a from t'",
  "const q = a + ' union all select b from u'",
  "const q = 'as $$select 1$$'",
  "const q = 'call charge(1)'",
  "const q = 'copy t from stdin'",
  "const q = 'truncate t'",
  // By words that seldom stand together elsewhere.
  "done + ' insert into t values (1)'",
  "' left join u as x on u.id = t.id'",
  // By what is called or imported.
  'pool.query(text)',
  "import pg from 'pg'",
  "load('orders.sql')",
])('worth parsing: %s', code => {
  expect(mayTouchSql(code)).toBe(true)
})

test.each([
  "problems.push('the total is missing, please select one')",
  '<select className="wide"></select>',
  '// select the top three of them, and copy the rest',
  ' * Truncate it, and call the next one',
  "report('you can copy this, or call us')",
  'const selected = menu.select(item)',
])('not worth parsing: %s', code => {
  expect(mayTouchSql(code)).toBe(false)
})
