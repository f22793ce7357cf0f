import type { Op } from '../model.js'
import { readAdministration } from './administration-from-tokens.js'
import type { SqlDialect } from './dialects/index.js'
import { DYNAMIC, dynamicStatement } from './dynamic-sql.js'
import { BEGINS_QUERY, CLICKHOUSE_JOIN, endsFrom, NO_FUNCTION, NOT_ALIAS } from './keywords.js'
import { type QualifiedName, readName } from './names.js'
import type { RawRef, Reading } from './reading.js'
import { type Source, sameName, settleTargets } from './targets.js'
import { type Token, tokenize } from './tokenizer.js'
import type { Walk } from './walk.js'

/** What a frame is in the middle of. */
type Clause =
  /** A verb may come. */
  | 'start'
  /** Names of CTEs. */
  | 'with'
  /** A table must come: `frame.op` says for what. */
  | 'table'
  /** After a table: its alias, a comma, a join, or the next clause. */
  | 'joined'
  /** Condition of a join. */
  | 'on'
  /** Select list; FROM and INTO count. */
  | 'select'
  /** Assignments of UPDATE; FROM counts. */
  | 'set'
  /** Anything else: only words that begin a list of tables or a new statement count. */
  | 'other'

/** A statement, a subquery, or just a pair of parentheses. */
interface Frame {
  parent: Frame | null
  opener: '(' | '[' | ''
  clause: Clause
  /** Verb of the statement in this frame; '' in mere parentheses. */
  verb: string
  op: Op
  /** Names that WITH gave here, visible here and in all frames within. */
  ctes: Set<string> | null
  /** WITH RECURSIVE: all names of the list are visible from the begin. */
  recursive: boolean
  /** Name that WITH just gave, whose query comes next. */
  naming: string | null
  /** Name of the CTE whose query this frame is; known to the parent when the frame ends. */
  cte: string | null
  /** Tables named as targets of UPDATE and DELETE, and those in their FROM or USING. */
  targets: Source[]
  sources: Source[]
  /** DELETE and UPDATE: targets are read until FROM, USING or SET. */
  inTargets: boolean
  /** Qualifiers of the assigned columns. */
  assigned: string[]
  /** INSERT: what follows is the source of rows. */
  insert: boolean
  /** After CASE and before its END, words are no clauses. */
  cases: number
}

/** How statements follow each other in a text. */
export type Language = 'statement' | 'sql' | 'plpgsql' | 'mysql' | 'tsql'

/** Bodies in quotes hold statements in quotes…: no one means more than a few. */
const MAX_QUOTED_DEPTH = 4

/**
 * Finds the tables of one statement in its tokens alone: no grammar of a dialect, only the words around a
 * table's name. It is the last net, for text that no parser takes, and reads the bodies of routines.
 * Linear in the number of tokens.
 */
export function tablesFromTokens(
  tokens: readonly Token[],
  from: number,
  to: number,
  text: string,
  dialect: SqlDialect,
  language: Language = 'statement',
  quotedDepth = 0,
): Reading {
  const refs: RawRef[] = []
  const routines: Reading['routines'] = []
  const closes = matchParentheses(tokens, from, to)
  let top = newFrame(null, '')

  const walk: Walk = {
    tokens,
    to,
    text,
    dialect,
    refs,
    routines,
    add(name, op) {
      const ref: RawRef = { name: name.name, schema: name.schema, op, unknown: name.unknown, at: name.at }
      if (!name.variable && !isTemporary(tokens, name)) refs.push(ref)
      return ref
    },
    routine: name => {
      if (!name.unknown) routines.push({ name: name.name, schema: name.schema })
    },
    afterParenthesis: at => (closes.get(at) ?? to - 1) + 1,
    quotedBody(token, bodyLanguage) {
      if (quotedDepth >= MAX_QUOTED_DEPTH) return
      const kind: Language = bodyLanguage === 'sql' ? 'sql' : 'plpgsql'
      take(nested(token.value, kind), token.start)
    },
    quotedStatement(statement, at) {
      if (quotedDepth < MAX_QUOTED_DEPTH) take(nested(statement, 'sql'), at)
    },
  }
  const nested = (inner: string, kind: Language): Reading => {
    const innerTokens = tokenize(inner, dialect)
    return tablesFromTokens(innerTokens, 0, innerTokens.length, inner, dialect, kind, quotedDepth + 1)
  }
  const take = (reading: Reading, at: number) => {
    for (const ref of reading.refs) {
      const unknown = ref.name.includes(DYNAMIC) ? { code: 'EXECUTE …' } : ref.unknown
      refs.push({ ...ref, unknown, at })
    }
    routines.push(...reading.routines)
  }

  const isEnd = (at: number) =>
    endsFrom(tokens[at]!.upper, at + 1 < to ? tokens[at + 1]!.upper : '', dialect.name)

  const inBody = () => language !== 'statement'

  const visibleCte = (name: QualifiedName, frame: Frame): boolean => {
    if (name.schema !== null || name.unknown) return false
    const key = name.name.toLowerCase()
    for (let f: Frame | null = frame; f; f = f.parent) if (f.ctes?.has(key)) return true
    return false
  }

  /** A table in a list of tables. Returns the index after it and its alias. */
  const readTable = (frame: Frame, at: number): number => {
    const name = readName(tokens, at, to, text, dialect.name === 'bigquery')
    if (!name) return at
    let next = name.next
    frame.clause = 'joined'
    if (tokens[next]?.value === '(' && next < to && frame.op === 'read' && !isTableHint(tokens, next)) {
      // A function in FROM. Its arguments are read as an expression.
      if (!name.unknown || name.unknown.code === '') walk.routine(name)
      return next
    }
    // `DELETE t.* FROM`
    if (tokens[next]?.value === '.' && tokens[next + 1]?.value === '*') next += 2
    const correlated =
      dialect.name === 'bigquery' &&
      name.schema !== null &&
      frame.sources.some(source => sameName(source.alias ?? source.ref.name, name.schema!))
    const isCte = frame.op === 'read' && visibleCte(name, frame)
    const alias = readAlias(next, frame)
    if (alias) next = alias.next
    if (isCte || correlated) {
      if (frame.verb === 'UPDATE' || frame.verb === 'DELETE') {
        const ref: RawRef = { name: name.name, schema: null, op: 'read', unknown: null, at: -1 }
        frame.sources.push({ ref, alias: alias?.name ?? null })
      }
      return next
    }
    if (frame.op !== 'read' && dialect.name === 'mssql' && visibleCte(name, frame)) return next
    const source = { ref: walk.add(name, frame.op), alias: alias?.name ?? null }
    if (frame.inTargets) frame.targets.push(source)
    else frame.sources.push(source)
    return next
  }

  const readAlias = (at: number, frame: Frame): { name: string; next: number } | null => {
    const token = tokens[at]
    if (at >= to || !token) return null
    if (token.upper === 'AS') {
      const name = tokens[at + 1]
      if (name && at + 1 < to && (name.kind === 'word' || name.kind === 'name' || name.kind === 'string')) {
        return { name: name.value, next: at + 2 }
      }
      return { name: '', next: at + 1 }
    }
    if (token.kind === 'name') return { name: token.value, next: at + 1 }
    if (token.kind === 'word' && !NOT_ALIAS.has(token.upper) && !isEnd(at)) {
      if (dialect.name === 'clickhouse' && CLICKHOUSE_JOIN.has(token.upper)) return null
      // `ALTER`, `CREATE`: the next statement of T-SQL
      if (frame.op !== 'read' && token.upper === 'VALUE') return null
      return { name: token.value, next: at + 1 }
    }
    return null
  }

  const finish = (frame: Frame) => {
    if (frame.targets.length > 0) settleTargets(frame, dialect)
    frame.targets = []
    frame.sources = []
    frame.assigned = []
  }

  /** The statement of this frame is over; another may begin. */
  const restart = (frame: Frame) => {
    finish(frame)
    frame.clause = 'start'
    frame.verb = ''
    frame.ctes = null
    frame.recursive = false
    frame.inTargets = false
    frame.insert = false
    frame.cases = 0
  }

  const beginTable = (frame: Frame, op: Op) => {
    frame.clause = 'table'
    frame.op = op
  }

  /** A verb at the begin of a statement or query. Returns the index to go on from. */
  const beginStatement = (frame: Frame, at: number): number => {
    const token = tokens[at]!
    const next = tokens[at + 1]
    switch (token.upper) {
      case 'WITH':
        frame.clause = 'with'
        frame.ctes ??= new Set()
        frame.recursive = next?.upper === 'RECURSIVE'
        if (frame.recursive) for (const name of cteNames(at + 2)) frame.ctes.add(name)
        return frame.recursive ? at + 2 : at + 1
      case 'SELECT':
      case 'SEL':
        frame.verb = 'SELECT'
        frame.clause = 'select'
        return at + 1
      case 'FROM':
        frame.verb = 'SELECT'
        beginTable(frame, 'read')
        return at + 1
      case 'TABLE':
        frame.verb = 'SELECT'
        frame.clause = 'other'
        if (next && next.value !== '(') {
          beginTable(frame, 'read')
          return readTable(frame, at + 1)
        }
        return at + 1
      case 'VALUES':
        frame.verb = 'SELECT'
        frame.clause = 'other'
        return at + 1
      case 'INSERT':
      case 'REPLACE':
      case 'UPSERT':
        if (next?.value === '(') break
        frame.verb = 'INSERT'
        frame.insert = true
        return readInsertTarget(frame, at + 1)
      case 'UPDATE':
        frame.verb = 'UPDATE'
        frame.inTargets = true
        beginTable(frame, 'write')
        return skipModifiers(at + 1)
      case 'DELETE':
        frame.verb = 'DELETE'
        frame.inTargets = true
        beginTable(frame, 'write')
        at = skipModifiers(at + 1)
        return tokens[at]?.upper === 'FROM' ? skipModifiers(at + 1) : at
      case 'MERGE':
        frame.verb = 'MERGE'
        frame.inTargets = false
        beginTable(frame, 'write')
        at = skipModifiers(at + 1)
        at = tokens[at]?.upper === 'INTO' ? at + 1 : at
        return at
      case 'PERFORM':
        frame.verb = 'SELECT'
        frame.clause = 'select'
        return at + 1
      case 'CALL':
      case 'EXEC':
      case 'EXECUTE':
        return readCall(frame, at)
    }
    if (inBody()) {
      const after = beginInBody(frame, at)
      if (after >= 0) return after
    }
    const head = frame.parent === null || frame.opener === '' ? readAdministration(walk, at) : null
    if (head) {
      frame.verb = token.upper
      if (head.follows === 'statement') frame.clause = 'start'
      else if (head.follows === 'body') {
        frame.clause = 'start'
        if (language === 'statement') language = bodyLanguage(dialect)
      } else frame.clause = 'other'
      return Math.max(head.next, at + 1)
    }
    // Text whose verb is not known, or a plain expression.
    if (frame.opener === '' && (token.kind === 'hole' || token.kind === 'placeholder')) {
      frame.clause = 'select'
      frame.verb = ''
      return at + 1
    }
    frame.clause = frame.opener === '' && language === 'statement' ? 'select' : 'other'
    return at + 1
  }

  /** Names of the CTEs of a WITH list, found ahead by stepping over their queries. */
  const cteNames = (at: number): string[] => {
    const names: string[] = []
    let i = at
    while (i < to) {
      const name = tokens[i]!
      if (name.kind !== 'word' && name.kind !== 'name') break
      names.push(name.value.toLowerCase())
      i++
      if (tokens[i]?.value === '(') i = walk.afterParenthesis(i)
      while (i < to && ['AS', 'NOT', 'MATERIALIZED'].includes(tokens[i]!.upper)) i++
      if (tokens[i]?.value !== '(') break
      i = walk.afterParenthesis(i)
      // SEARCH and CYCLE clauses
      while (i < to && tokens[i]!.value !== ',' && !BEGINS_QUERY.has(tokens[i]!.upper)) i++
      if (tokens[i]?.value !== ',') break
      i++
    }
    return names
  }

  const MODIFIERS = new Set([
    'LOW_PRIORITY',
    'HIGH_PRIORITY',
    'DELAYED',
    'QUICK',
    'IGNORE',
    'ONLY',
    'OR',
    'ROLLBACK',
    'ABORT',
    'REPLACE',
    'FAIL',
    'OVERWRITE',
  ])

  /** `LOW_PRIORITY`, `OR REPLACE`, `TOP (10)`, `ONLY`, … before the target of a change. */
  const skipModifiers = (at: number): number => {
    let i = at
    while (i < to) {
      const token = tokens[i]!
      if (token.upper === 'TOP' && tokens[i + 1]?.value === '(') {
        i = walk.afterParenthesis(i + 1)
        if (tokens[i]?.upper === 'PERCENT') i++
      } else if (MODIFIERS.has(token.upper) && tokens[i + 1]?.value !== '.') i++
      else break
    }
    return i
  }

  const readInsertTarget = (frame: Frame, at: number): number => {
    let i = skipModifiers(at)
    if (tokens[i]?.upper === 'ALL' || tokens[i]?.upper === 'FIRST') {
      frame.clause = 'other'
      return i + 1
    }
    if (tokens[i]?.upper === 'INTO') i++
    if (tokens[i]?.upper === 'TABLE' && tokens[i + 1]?.upper !== 'FUNCTION') i++
    if (tokens[i]?.upper === 'FUNCTION') {
      frame.clause = 'other'
      return i + 1
    }
    frame.op = 'write'
    const name = readName(tokens, i, to, text, dialect.name === 'bigquery')
    frame.clause = 'start'
    if (!name || (tokens[i]!.kind === 'word' && NEVER_A_TABLE.has(tokens[i]!.upper))) return i
    if (!(dialect.name === 'mssql' && visibleCte(name, frame))) walk.add(name, 'write')
    i = name.next
    const alias = tokens[i]
    if (alias?.upper === 'AS') i += 2
    // The list of columns, unless it is a query
    if (
      tokens[i]?.value === '(' &&
      !BEGINS_QUERY.has(tokens[i + 1]?.upper ?? '') &&
      tokens[i + 1]?.value !== '('
    ) {
      i = walk.afterParenthesis(i)
    }
    while (
      i < to &&
      ['OVERRIDING', 'USER', 'SYSTEM', 'VALUE', 'DEFAULT'].includes(tokens[i]!.upper) &&
      tokens[i + 1]?.value !== '('
    )
      i++
    frame.verb = 'INSERT'
    return i
  }

  /** `CALL p(…)`, `EXEC @r = p …`, `EXECUTE 'statement'`, `EXECUTE format('…', …)`, `EXEC sp_executesql N'…'` */
  const readCall = (frame: Frame, at: number): number => {
    frame.verb = tokens[at]!.upper
    frame.clause = 'other'
    let i = at + 1
    if (tokens[i]?.upper === 'IMMEDIATE') i++
    if (tokens[i]?.kind === 'placeholder' && tokens[i + 1]?.value === '=') i += 2
    const dynamic =
      tokens[i]?.value === '(' ||
      tokens[i]?.kind === 'string' ||
      /^(?:format|concat|sp_executesql)$/i.test(tokens[i]?.value ?? '')
    if (dynamic) {
      const statement = dynamicStatement(tokens, i, to)
      if (statement.text !== null) walk.quotedStatement(statement.text, tokens[at]!.start)
      return Math.max(statement.next, i)
    }
    const name = readName(tokens, i, to, text)
    if (!name) return i
    // EXECUTE of a prepared statement is no call.
    if (frame.verb !== 'EXECUTE' || dialect.goBatches) walk.routine(name)
    return name.next
  }

  /** Statements that only routines have. -1 if this is none. */
  const beginInBody = (frame: Frame, at: number): number => {
    const token = tokens[at]!
    const next = tokens[at + 1]
    switch (token.upper) {
      case 'BEGIN':
      case 'ELSE':
      case 'LOOP':
      case 'REPEAT':
      case 'DECLARE':
        if (token.upper === 'REPEAT' && next?.value === '(') break
        if (token.upper === 'DECLARE') {
          const head = readAdministration(walk, at)!
          frame.clause = head.follows === 'rest' ? 'other' : 'start'
          return head.next
        }
        return BEGIN_WORDS.has(next?.upper ?? '') ? at + 2 : at + 1
      case 'END':
        // `END IF`, `END TRY`, `END label`
        return next && next.kind === 'word' && END_WORDS.has(next.upper) ? at + 2 : at + 1
      case 'EXCEPTION':
        frame.clause = 'other'
        return at + 1
      case 'RETURN':
        if (next?.upper === 'QUERY') return at + 2
        frame.verb = 'SELECT'
        frame.clause = 'select'
        return next?.upper === 'NEXT' ? at + 2 : at + 1
      case 'IF':
      case 'ELSIF':
      case 'ELSEIF':
      case 'WHILE':
      case 'WHEN':
      case 'CASE':
      case 'UNTIL':
      case 'RAISE':
      case 'SIGNAL':
      case 'SET':
      case 'PRINT':
      case 'ASSERT':
      case 'EXIT':
      case 'CONTINUE':
      case 'LEAVE':
      case 'ITERATE':
      case 'GET':
        frame.clause = 'other'
        return at + 1
      case 'FOR':
      case 'FOREACH': {
        // `FOR r IN [EXECUTE] query LOOP`, `FOR EACH ROW`, `FOR c CURSOR FOR query DO`
        for (let i = at + 1; i < to && i < at + 8; i++) {
          const word = tokens[i]!.upper
          if (word === 'IN') {
            frame.clause = 'start'
            return tokens[i + 1]?.upper === 'REVERSE' ? i + 2 : i + 1
          }
          if (word === 'FOR') return i + 1
        }
        return at + 1
      }
      case 'OPEN': {
        for (let i = at + 1; i < to && i < at + 8; i++) if (tokens[i]!.upper === 'FOR') return i + 1
        frame.clause = 'other'
        return at + 1
      }
    }
    return -1
  }

  /** A word in a frame whose statement is under way. Returns the index to go on from. */
  const word = (frame: Frame, at: number): number => {
    const token = tokens[at]!
    const next = tokens[at + 1]
    const before = at > from ? tokens[at - 1] : undefined
    const upper = token.upper
    if (before?.value === '.' && before.kind === 'op') return at + 1
    if (next?.kind === 'op' && next.value === '.' && at + 1 < to) {
      // A qualified name in an expression: step over it whole, whatever its words are.
      const name = readName(tokens, at, to, text)!
      if (tokens[name.next]?.value === '(' && name.next < to && frame.clause !== 'joined') walk.routine(name)
      return Math.max(name.next, at + 1)
    }
    if (upper === 'CASE') frame.cases++
    else if (upper === 'END' && frame.cases > 0) {
      frame.cases--
      return at + 1
    }
    if (frame.cases > 0 && (upper === 'WHEN' || upper === 'THEN' || upper === 'ELSE')) return at + 1

    switch (upper) {
      case 'FROM':
        if (
          before?.upper === 'DISTINCT' &&
          (tokens[at - 2]?.upper === 'IS' || tokens[at - 2]?.upper === 'NOT')
        )
          break
        if (frame.verb === '' && frame.opener !== '') break
        if (before?.upper === 'ROWS') {
          // `ROWS FROM (f(), g())`: only functions
          frame.clause = 'joined'
          return next?.value === '(' ? walk.afterParenthesis(at + 1) : at + 1
        }
        if (
          frame.clause === 'select' ||
          frame.clause === 'set' ||
          frame.inTargets ||
          frame.verb === 'DELETE' ||
          frame.verb === 'UPDATE'
        ) {
          if (frame.clause === 'other' && frame.verb !== 'DELETE') break
          frame.inTargets = false
          beginTable(frame, 'read')
          return at + 1
        }
        break
      case 'USING':
        if (frame.verb === 'MERGE' || (frame.verb === 'DELETE' && frame.inTargets)) {
          frame.inTargets = false
          if (frame.verb === 'MERGE' && frame.sources.length > 1) break
          beginTable(frame, 'read')
          return at + 1
        }
        if (frame.clause === 'joined') frame.clause = 'on'
        return at + 1
      case 'JOIN':
      case 'STRAIGHT_JOIN':
      case 'APPLY':
        if (before?.upper === 'FOR' || before?.upper === 'ARRAY') break
        if (frame.clause === 'select' && upper !== 'JOIN') break
        if (upper === 'APPLY' && before?.upper !== 'CROSS' && before?.upper !== 'OUTER') break
        if (frame.verb === '' && frame.opener !== '' && frame.clause === 'other') break
        beginTable(frame, frame.inTargets && frame.verb === 'UPDATE' ? 'write' : 'read')
        return at + 1
      case 'INTO':
        return readInto(frame, at)
      case 'UNION':
      case 'INTERSECT':
      case 'EXCEPT':
      case 'MINUS':
        // `SELECT * EXCEPT (x)` of BigQuery
        if (before?.value === '*' && next?.value === '(' && tokens[at + 2]?.upper !== 'SELECT') break
        if (frame.verb === '' && frame.opener !== '' && before?.value !== ')') break
        if (
          frame.clause === 'select' &&
          next?.upper !== 'SELECT' &&
          next?.upper !== 'ALL' &&
          next?.value !== '('
        )
          break
        frame.clause = 'start'
        return ['ALL', 'DISTINCT'].includes(next?.upper ?? '') ? at + 2 : at + 1
      case 'SET':
        if (frame.verb === 'UPDATE' && frame.inTargets) {
          frame.inTargets = false
          frame.clause = 'set'
          return readAssigned(frame, at + 1)
        }
        if (frame.clause === 'joined' || frame.clause === 'on') frame.clause = 'other'
        return at + 1
      case 'ON':
        if (next?.upper === 'CONFLICT' || next?.upper === 'DUPLICATE') frame.clause = 'other'
        else if (frame.clause === 'joined') frame.clause = 'on'
        return at + 1
      case 'WITH':
        // `INSERT INTO t WITH x AS (…) SELECT …`; after a table it is a hint
        if (frame.insert && frame.verb === 'INSERT' && next?.value !== '(') return beginStatement(frame, at)
        return at + 1
      case 'FOR':
        if (['UPDATE', 'SHARE', 'NO', 'KEY', 'XML', 'JSON', 'BROWSE'].includes(next?.upper ?? '')) {
          frame.clause = 'other'
          return at + 2
        }
        return at + 1
      case 'SELECT':
        if (frame.insert && frame.verb === 'INSERT') return beginStatement(frame, at)
        if (frame.verb !== 'SELECT' || frame.clause !== 'joined') {
          if (inBody() || dialect.goBatches || (frame.verb === '' && frame.opener === '')) {
            if (frame.opener === '') {
              restart(frame)
              return beginStatement(frame, at)
            }
          } else if (frame.verb === 'WITH') return beginStatement(frame, at)
          // The first SELECT was part of what we did not understand.
          if (frame.verb === '' || frame.clause === 'other') {
            frame.verb = 'SELECT'
            frame.clause = 'select'
          }
        } else if (dialect.goBatches || inBody()) {
          restart(frame)
          return beginStatement(frame, at)
        }
        return at + 1
      case 'INSERT':
      case 'DELETE':
      case 'UPDATE':
      case 'MERGE':
        if (frame.opener === '' && beginsStatementWithin(frame, at, before, next)) {
          restart(frame)
          return beginStatement(frame, at)
        }
        return at + 1
      case 'EXEC':
      case 'EXECUTE':
      case 'CALL':
        if (frame.opener === '' && (inBody() || dialect.goBatches) && before?.upper !== 'AS') {
          restart(frame)
          return beginStatement(frame, at)
        }
        return at + 1
      case 'THEN':
      case 'ELSE':
      case 'LOOP':
      case 'DO':
      case 'BEGIN':
      case 'END':
        if (frame.opener === '' && inBody() && frame.verb !== 'MERGE') {
          if (upper === 'DO' && (next?.upper === 'UPDATE' || next?.upper === 'NOTHING')) {
            frame.clause = 'other'
            return at + 2
          }
          restart(frame)
          if (upper === 'END' && END_WORDS.has(next?.upper ?? '')) return at + 2
          return upper === 'BEGIN' && BEGIN_WORDS.has(next?.upper ?? '') ? at + 2 : at + 1
        }
        if (upper === 'DO' && next?.upper === 'UPDATE') return at + 2
        if (
          frame.opener === '' &&
          dialect.goBatches &&
          (upper === 'BEGIN' || upper === 'ELSE' || upper === 'END')
        ) {
          restart(frame)
        }
        return at + 1
      case 'TABLE':
        if (frame.insert && frame.verb === 'INSERT' && next?.value !== '(') return beginStatement(frame, at)
        return at + 1
      case 'IF':
      case 'WHILE':
        if (
          frame.opener === '' &&
          (inBody() || dialect.goBatches) &&
          frame.clause !== 'start' &&
          next?.value !== '('
        ) {
          restart(frame)
          frame.clause = 'other'
        }
        return at + 1
    }
    if (isEnd(at) && (frame.clause === 'joined' || frame.clause === 'on' || frame.clause === 'set')) {
      if (frame.inTargets && upper === 'OUTPUT') return at + 1
      frame.clause = 'other'
      return at + 1
    }
    if (
      next?.kind === 'op' &&
      next.value === '(' &&
      at + 1 < to &&
      !NO_FUNCTION.has(upper) &&
      frame.clause !== 'joined'
    ) {
      if (before?.upper !== 'AS' && !isHeadOfDdl(frame.verb))
        routines.push({ name: token.value, schema: null })
    }
    return at + 1
  }

  /** INSERT, UPDATE, DELETE in the middle: a new statement where statements need no semicolon between. */
  const beginsStatementWithin = (
    frame: Frame,
    at: number,
    before: Token | undefined,
    next: Token | undefined,
  ): boolean => {
    if (!inBody() && !dialect.goBatches && frame.verb !== '') return false
    if (frame.verb === 'MERGE') return false
    if (
      before &&
      ['FOR', 'KEY', 'ON', 'DO', 'AFTER', 'BEFORE', 'OF', 'OR', 'NO', 'AS', 'INSTEAD'].includes(before.upper)
    ) {
      return before.upper === 'AS' && dialect.goBatches
    }
    if (before?.kind === 'op' && (before.value === ',' || before.value === '=')) return false
    switch (tokens[at]!.upper) {
      case 'INSERT':
      case 'MERGE':
        return (
          next?.upper === 'INTO' || next?.upper === 'IGNORE' || (dialect.goBatches && next?.kind !== 'op')
        )
      case 'DELETE':
        return next?.upper === 'FROM' || (dialect.goBatches && next?.kind !== 'op')
      default:
        return next !== undefined && next.kind !== 'op' && next.kind !== 'end'
    }
  }

  /** `INTO` of SELECT, of OUTPUT, of INSERT ALL. In MySQL and in routines it names variables or files. */
  const readInto = (frame: Frame, at: number): number => {
    let i = at + 1
    if (frame.clause === 'joined' || frame.clause === 'on') frame.clause = 'other'
    const changes =
      frame.verb === 'INSERT' || frame.verb === 'UPDATE' || frame.verb === 'DELETE' || frame.verb === 'MERGE'
    if (changes) {
      // `OUTPUT … INTO t`; `INSERT ALL INTO t`. RETURNING … INTO names variables.
      if (!dialect.goBatches && dialect.name !== 'snowflake' && dialect.name !== 'unknown') return i
      if (inBody() && !dialect.goBatches) return i
      const clause = frame.clause
      const targets = frame.inTargets
      const name = readName(tokens, i, to, text)
      if (!name) return i
      walk.add(name, 'write')
      frame.clause = clause
      frame.inTargets = targets
      return tokens[name.next]?.value === '(' ? walk.afterParenthesis(name.next) : name.next
    }
    if (frame.verb !== 'SELECT') return i
    if (dialect.name === 'mysql' || (inBody() && !dialect.goBatches && language !== 'sql')) {
      return intoVariables(i)
    }
    if (dialect.name === 'sqlite' || dialect.name === 'bigquery' || dialect.name === 'clickhouse') return i
    while (i < to && ['TEMP', 'TEMPORARY', 'UNLOGGED', 'TABLE', 'STRICT'].includes(tokens[i]!.upper)) i++
    if (['OUTFILE', 'DUMPFILE'].includes(tokens[i]?.upper ?? '')) return i
    const name = readName(tokens, i, to, text)
    if (!name || name.variable) return i
    walk.add(name, 'ddl')
    return name.next
  }

  /** `INTO a, b.c, @d`: the comma must not be taken for one of FROM. */
  const intoVariables = (at: number): number => {
    let i = at
    if (tokens[i]?.upper === 'STRICT') i++
    while (i < to) {
      const name = readName(tokens, i, to, text)
      if (!name || NEVER_A_TABLE.has(tokens[i]!.upper)) return i
      i = name.next
      if (tokens[i]?.value !== ',') return i
      i++
    }
    return i
  }

  /** Qualifier of the assigned column: `a.x = …` */
  const readAssigned = (frame: Frame, at: number): number => {
    const token = tokens[at]
    if (!token || at >= to || tokens[at + 1]?.value !== '.') return at
    const name = readName(tokens, at, to, text)
    if (!name) return at
    if (name.schema !== null) frame.assigned.push(name.schema)
    return name.next
  }

  let i = from
  while (i < to) {
    const token = tokens[i]!
    if (token.kind === 'end') {
      while (top.parent) {
        finish(top)
        top = top.parent
      }
      restart(top)
      i++
      continue
    }
    if (token.kind === 'op') {
      if (token.value === '(' || (token.value === '[' && !dialect.brackets)) {
        const frame = newFrame(top, token.value)
        const first = tokens[i + 1]
        if (top.clause === 'table') {
          // `FROM (a JOIN b …)`, `FROM (SELECT …)`, `JOIN ((a))`
          top.clause = 'joined'
          // `FROM (${query})`: a hole alone in parentheses is a query, for no database takes `FROM (t)`.
          const query = first?.kind === 'hole' && tokens[i + 2]?.value === ')'
          if (!query && !(first && BEGINS_QUERY.has(first.upper) && first.upper !== 'REPLACE')) {
            frame.clause = 'table'
            frame.op = top.op
            frame.verb = 'SELECT'
          }
        } else if (top.clause === 'with' && top.naming !== null && token.value === '(') {
          frame.cte = top.naming
          top.naming = null
        } else if (top.clause === 'start') {
          // `(SELECT …) UNION …`, `INSERT INTO t (SELECT …)`
          top.clause = 'other'
        }
        top = frame
        i++
        continue
      }
      if (token.value === ')' || (token.value === ']' && !dialect.brackets)) {
        const opener = token.value === ')' ? '(' : '['
        if (isOpen(top, opener)) {
          while (top.parent && top.opener !== opener) {
            finish(top)
            top = top.parent
          }
          finish(top)
          const closed = top
          top = top.parent ?? top
          if (closed.cte !== null) {
            top.ctes ??= new Set()
            top.ctes.add(closed.cte)
          }
        }
        i++
        continue
      }
      if (token.value === ',') {
        if (top.clause === 'joined' || (top.clause === 'on' && top.verb !== 'MERGE')) top.clause = 'table'
        else if (top.clause === 'set') {
          i = Math.max(readAssigned(top, i + 1), i + 1)
          continue
        }
      } else if (token.value === ':=' && language === 'plpgsql' && top.opener === '') {
        // An assignment is a query without SELECT: `x := a FROM t`
        top.verb = 'SELECT'
        top.clause = 'select'
      }
      if (top.clause === 'start' && top.opener !== '') top.clause = 'other'
      i++
      continue
    }

    if (top.clause === 'start') {
      if (token.kind === 'word' || token.kind === 'hole' || token.kind === 'placeholder') {
        // The source of an INSERT's rows
        if (top.insert && top.verb === 'INSERT') {
          if (
            token.upper === 'SELECT' ||
            token.upper === 'WITH' ||
            token.upper === 'TABLE' ||
            token.upper === 'FROM'
          ) {
            i = beginStatement(top, i)
            if (token.upper === 'SELECT') top.verb = 'SELECT'
          } else {
            top.clause = 'other'
            if (token.kind === 'word') i = word(top, i)
            else i++
          }
          continue
        }
        if (top.opener !== '' && !BEGINS_QUERY.has(token.upper)) {
          top.clause = 'other'
          continue
        }
        i = beginStatement(top, i)
      } else {
        top.clause = 'other'
        i++
      }
      continue
    }

    if (top.clause === 'with') {
      // Names at the begin of the list and after each comma; `AS`, `MATERIALIZED`; then the verb.
      if (top.naming !== null) {
        if (tokens[i]!.upper === 'AS' || tokens[i]!.upper === 'NOT' || tokens[i]!.upper === 'MATERIALIZED')
          i++
        else {
          top.naming = null
        }
        continue
      }
      const before = tokens[i - 1]
      const named = before?.upper === 'WITH' || before?.upper === 'RECURSIVE' || before?.value === ','
      if (named && (token.kind === 'word' || token.kind === 'name' || token.kind === 'hole')) {
        top.naming = token.value.toLowerCase()
        // In T-SQL a CTE may read itself without RECURSIVE.
        if (dialect.goBatches) top.ctes!.add(top.naming)
        i++
        if (tokens[i]?.value === '(' && i < to) i = walk.afterParenthesis(i)
        continue
      }
      if (BEGINS_QUERY.has(token.upper) && !named) {
        top.clause = 'start'
        continue
      }
      i++
      continue
    }

    if (top.clause === 'table') {
      if (token.upper === 'LATERAL' || token.upper === 'ONLY') {
        i++
        continue
      }
      if (token.upper === 'TABLE' && tokens[i + 1]?.value === '(') {
        top.clause = 'joined'
        i++
        continue
      }
      if (token.upper === 'ROWS' && tokens[i + 1]?.upper === 'FROM') {
        top.clause = 'joined'
        i = tokens[i + 2]?.value === '(' ? walk.afterParenthesis(i + 2) : i + 2
        continue
      }
      const continues =
        token.kind === 'word' && tokens[i + 1]?.value !== '.' && NEVER_A_TABLE.has(token.upper)
      if (!continues) {
        const next = readTable(top, i)
        if (next > i) {
          i = next
          continue
        }
      }
      top.clause = 'joined'
      if (token.kind === 'word') i = word(top, i)
      else i++
      continue
    }

    if (token.kind === 'word') i = word(top, i)
    else if (token.kind === 'name' && tokens[i + 1]?.value === '.' && i + 1 < to) {
      // `"a"."from"`: a qualified name in an expression
      i = Math.max(readName(tokens, i, to, text)?.next ?? 0, i + 1)
    } else i++
  }
  for (let frame: Frame | null = top; frame; frame = frame.parent) finish(frame)
  return { refs: refs.filter(ref => ref.at >= 0), routines }
}

/** Words that can't be a table where one is expected: the list ended, or a piece of it is missing. */
const NEVER_A_TABLE = new Set([
  'WHERE',
  'GROUP',
  'HAVING',
  'LIMIT',
  'SET',
  'VALUES',
  'ON',
  'USING',
  'SELECT',
  'FROM',
  'JOIN',
  'INNER',
  'UNION',
  'INTO',
  'AND',
  'OR',
  'RETURNING',
  'EXCEPT',
  'INTERSECT',
  'UNNEST_',
  'WITH',
  'AS',
  'INSERT',
  'UPDATE',
  'DELETE',
])

const BEGIN_WORDS = new Set(['ATOMIC', 'TRY', 'CATCH', 'NOT'])

const END_WORDS = new Set(['IF', 'LOOP', 'WHILE', 'CASE', 'REPEAT', 'FOR', 'TRY', 'CATCH'])

function newFrame(parent: Frame | null, opener: Frame['opener']): Frame {
  return {
    parent,
    opener,
    clause: 'start',
    verb: '',
    op: 'read',
    ctes: null,
    recursive: false,
    naming: null,
    cte: null,
    targets: [],
    sources: [],
    inTargets: false,
    assigned: [],
    insert: false,
    cases: 0,
  }
}

function isOpen(frame: Frame, opener: string): boolean {
  for (let f: Frame | null = frame; f; f = f.parent) if (f.opener === opener) return true
  return false
}

/** Index of the closing parenthesis by that of the opening one. */
function matchParentheses(tokens: readonly Token[], from: number, to: number): Map<number, number> {
  const closes = new Map<number, number>()
  const open: number[] = []
  for (let i = from; i < to; i++) {
    const token = tokens[i]!
    if (token.kind !== 'op') continue
    if (token.value === '(') open.push(i)
    else if (token.value === ')' && open.length > 0) closes.set(open.pop()!, i)
  }
  return closes
}

/** `#t` and `##t` of T-SQL live in the connection, not in the database. */
function isTemporary(tokens: readonly Token[], name: QualifiedName): boolean {
  return name.name.startsWith('#') || tokens === undefined
}

/** `FROM t (NOLOCK)` */
function isTableHint(tokens: readonly Token[], at: number): boolean {
  return /^(?:NOLOCK|READPAST|UPDLOCK|ROWLOCK|HOLDLOCK|TABLOCKX?|READUNCOMMITTED|XLOCK)$/.test(
    tokens[at + 1]?.upper ?? '',
  )
}

const isHeadOfDdl = (verb: string) => verb === 'CREATE' || verb === 'ALTER' || verb === 'DECLARE'

function bodyLanguage(dialect: SqlDialect): Language {
  if (dialect.goBatches) return 'tsql'
  return dialect.name === 'mysql' || dialect.name === 'unknown' ? 'mysql' : 'sql'
}
