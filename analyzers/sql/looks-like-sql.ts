/**
 * Decides whether a string constant is SQL at all, for strings that were found far from a driver. Strict: a
 * sentence that begins with "Select", "Update" or "Delete" is none, and a fragment (`WHERE x = 1`) is none.
 * Cheap: most strings are refused by their first word, and only the begin of a long text is looked at.
 */
export function looksLikeSql(text: string): boolean {
  return isSql(text, 0)
}

function isSql(text: string, statement: number): boolean {
  const start = skipComments(text)
  const verb = /^[a-z]{2,9}(?![\w.])/i.exec(text.slice(start, start + 10))
  if (!verb) return false
  const rule = RULES[verb[0].toUpperCase()]
  if (!rule) return false
  if (rule(withoutComments(text.slice(start, start + LOOKED_AT)), casing(verb[0]))) return true
  // `create extension citext; alter table …`: the next statement tells.
  const end = text.indexOf(';', start)
  if (statement >= MAX_STATEMENTS || end < 0 || end - start > FIRST_OF_SEVERAL) return false
  return casing(verb[0]) !== 'capitalized' && isSql(text.slice(end + 1), statement + 1)
}

const MAX_STATEMENTS = 3

/** Longest statement that is left out to look at the next one. */
const FIRST_OF_SEVERAL = 300

/** `FROM -- the old one` is as good as `FROM`: a comment may stand before any word. */
function withoutComments(text: string): string {
  // Most texts have none, and to look for the beginning of one takes a hundredth of what the pattern does.
  if (!text.includes('--') && !text.includes('/*')) return text
  return text.replace(/(?<=\s)--[^\n]*(?=\n)|\/\*[^*]*\*+(?:[^*/][^*]*\*+)*\//g, ' ')
}

const LOOKED_AT = 3000

/** How the verb is written. Sentences are capitalized, SQL seldom is. */
type Casing = 'upper' | 'lower' | 'capitalized'

function casing(word: string): Casing {
  if (word === word.toUpperCase()) return 'upper'
  return word === word.toLowerCase() ? 'lower' : 'capitalized'
}

/** Offset after white space, comments, opening parentheses and a byte order mark. */
export function skipComments(text: string): number {
  let at = 0
  // Where one is never closed, comments do not nest; to look for the end of each of many takes too long.
  let nests = true
  while (at < text.length) {
    const char = text[at]!
    if (char === '(' || char === ';' || char === '\uFEFF' || /\s/.test(char)) at++
    else if (text.startsWith('--', at) || /^#[\t ]/.test(text.slice(at, at + 2))) {
      const end = text.indexOf('\n', at)
      if (end < 0) return text.length
      at = end + 1
    } else if (text.startsWith('/*', at)) {
      const whole: number | null = nests ? endOfNested(text, at) : null
      nests &&= whole !== null
      const end = whole ?? text.indexOf('*/', at + 2) + 2
      if (end < at + 2) return text.length
      at = end
    } else return at
  }
  return at
}

/** Where a comment ends that begins at `at`, with those within it, for some databases nest them; null where one is open. */
function endOfNested(text: string, at: number): number | null {
  const marks = /\/\*|\*\//g
  marks.lastIndex = at + 2
  let depth = 1
  for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
    depth += mark[0] === '/*' ? 1 : -1
    if (depth === 0) return marks.lastIndex
  }
  return null
}

// A name: bare, quoted in any way, or an unknown piece (`${table}`, `$(table:name)`, `??`, `%I`). Parts with dots.
const PART =
  String.raw`(?:[a-z_#@\u0080-\uffff](?:[\w#\u0080-\uffff]|\$(?!\{))*(?:\$\{[^}]*\}\w*)?|"[^"]+"|` +
  '`[^`]+`' +
  String.raw`|\[[^\]]+\]|\$\{[^}]*\}\w*|\$\([^)]*\)|\$\d+:name|\?\??|%[Is])`
const NAME = `(${PART}(?:\\s*\\.\\s*${PART}){0,3})`
const after = (head: string, tail: string) => new RegExp(`^${head}${NAME}${tail}`, 'iu')

/** Words that stand before a noun in a sentence and are no table. */
const ARTICLE =
  /^(?:the|a|an|your|my|our|their|his|her|its|this|that|these|those|any|each|every|all|one|another|other|below|above|here|there|it|existing|selected)$/i

const isArticle = (name: string | undefined) => name === undefined || ARTICLE.test(name)

const INSERT = after(
  '(?:insert|replace)\\s+(?:(?:ignore|low_priority|high_priority|delayed|or\\s+\\w+|overwrite)\\s+)*into\\s+(?:table\\s+)?',
  '\\s*(?:$|;|\\(|as\\s+\\w+\\s*\\(|(?:as\\s+\\w+\\s*)?(?:values?|select|set|default|with|table|overriding|output|format|exec|on\\s+(?:conflict|duplicate)|returning)\\b|\\$\\{|\\?)',
)
const UPDATE = after(
  'update\\s+(?:(?:ignore|low_priority|only|or\\s+\\w+)\\s+)*',
  '(?:\\s+(?:as\\s+)?(?!set\\b)\\w+)?\\s+set(?:\\s*$|\\s*\\$|\\s*\\?|\\s*\\(|\\s+["`[]?[\\w.$]+["`\\]]?(?:\\.["`[]?\\w+["`\\]]?)?\\s*=|\\s+\\?\\?|\\s+\\$)',
)
const UPDATE_JOIN = after(
  'update\\s+',
  '(?:\\s+(?:as\\s+)?\\w+)?\\s*(?:,|\\s(?:(?:inner|left|right|cross)\\s+)?(?:outer\\s+)?join\\s)[^]*\\sset\\s[^]*=',
)
const DELETE = after(
  'delete\\s+(?:(?:ignore|low_priority|quick)\\s+)*from\\s+(?:only\\s+)?',
  '(?:\\s+(?:as\\s+)?(?!where\\b|using\\b)[a-z]\\w*)?\\s*(?:$|;|\\)|\\s(?:where|using|order|limit|returning|inner|left|join|output)\\b|\\$\\{)',
)
const DELETE_JOIN =
  /^delete\s+[\w.`"*]+(?:\s*,\s*[\w.`"*]+)*\s+from\s+[\w.`"[\]]+.*\s(?:join|where|using)\s/is
const CTE = after(
  'with\\s+(?:recursive\\s+)?',
  '\\s*(?:\\([^)]{0,500}\\)\\s*)?\\s*as\\s+(?:not\\s+)?(?:materialized\\s*)?\\(',
)
const CTE_TIGHT = after('with\\s+(?:recursive\\s+)?', '\\s*(?:\\([^)]{0,500}\\)\\s*)?\\s*as\\(')
// `WITH ${ctes}, x AS (`, `WITH ${ctes} SELECT`; what is not known may be written as `x`, too.
const UNKNOWN_CTES =
  /^with\s+(?:(?:\$\{[^}]*\}|x)\s*,\s*){1,20}(?:\w+\s+as\s*\(|\$\{)|^with\s+(?:\$\{[^}]*\}|x)\s+(?:select|insert|update|delete)\b/i
const CREATE_MODIFIERS =
  '(?:(?:or\\s+replace|global|local|temp|temporary|unlogged|external|unique|fulltext|materialized|recursive|virtual|foreign|clustered|nonclustered|constraint|definer\\s*=\\s*\\S+|algorithm\\s*=\\s*\\w+)\\s+)*'
const CREATE_TABLE = after(
  `create\\s+${CREATE_MODIFIERS}table\\s+(?:if\\s+not\\s+exists\\s+)?`,
  '\\s*(?:\\(|(?:as|like|partition|using|engine|select|clone)\\b|\\$\\{)',
)
const CREATE_VIEW = after(
  `create\\s+${CREATE_MODIFIERS}view\\s+(?:if\\s+not\\s+exists\\s+)?`,
  '\\s*(?:\\(|(?:as|with|to|engine)\\b|\\$\\{)',
)
const CREATE_INDEX =
  /^create\s+(?:unique\s+|fulltext\s+|spatial\s+)?index\s+(?:concurrently\s+)?(?:if\s+not\s+exists\s+)?\S*\s*on\s+(?:only\s+)?["`[$\w.]+[^(]{0,80}\(/i
const CREATE_ROUTINE = new RegExp(
  `^create\\s+${CREATE_MODIFIERS}(?:function|procedure|proc|aggregate)\\s+(?:if\\s+not\\s+exists\\s+)?${NAME}\\s*(?:\\(|@|as\\b)`,
  'iu',
)
const CREATE_TRIGGER =
  /^create\s+(?:or\s+replace\s+)?(?:constraint\s+)?(?:definer\s*=\s*\S+\s+)?trigger\s+\S+\s+(?:before|after|instead|on)\b/i
const CREATE_OTHER =
  /^create\s+(?:or\s+replace\s+)?(?:type\s+\S+\s+as\s|extension\s+(?:if\s+not\s+exists\s+)?["\w-]+\s*;?\s*$|extension\s+\S+\s+(?:with|schema)\s|(?:schema|database)\s+if\s+not\s+exists\s|(?:policy|rule)\s+\S+\s+(?:on|as)\s|sequence\s+(?:if\s+not\s+exists\s+)?\S+(?:\s*;?\s*$|\s+(?:start|increment|as|owned)\b)|(?:role|user)\s+\S+\s+(?:with|identified|login)\b|domain\s+\S+\s+as\s|statistics\s|event\s+\S+\s+on\s+schedule)/i
const CREATE_PLAIN = /^CREATE\s+(?:SCHEMA|DATABASE)\s+["`\w${}-]+\s*;?\s*$/
const ALTER = after(
  'alter\\s+(?:(?:materialized|foreign)\\s+)?(?:table|view|index|sequence|type|database|schema|role|user)\\s+(?:if\\s+exists\\s+)?(?:only\\s+)?',
  '\\s*(?:\\s(?:add|drop|alter|modify|change|rename|set|owner|enable|disable|convert|engine|attach|detach|validate|inherit|no|cluster|replica|auto_increment|update|delete|with|check|reset|force)\\b|\\$\\{)',
)
const DROP = after(
  'drop\\s+(?:(?:materialized|temporary|foreign)\\s+)?(?:table|view|index|trigger|function|procedure|type|schema|database|sequence|extension|policy|role|user|event)\\s+(?:concurrently\\s+)?(if\\s+exists\\s+)?',
  '\\s*(?:$|;|,|\\(|\\s(?:cascade|restrict|on)\\b|\\$\\{)',
)
const TRUNCATE = after(
  'truncate\\s+(table\\s+)?(?:only\\s+)?',
  '\\s*(?:$|;|,|\\s(?:cascade|restart|continue|restrict)\\b|\\$\\{)',
)
const MERGE = after(
  'merge\\s+(?:into\\s+)?',
  '(?:\\s+(?:as\\s+)?\\w+)?\\s+(?:with\\s*\\([^)]*\\)\\s+)?(?:as\\s+\\w+\\s+)?using\\b',
)
const COPY = after(
  'copy\\s+',
  "\\s*(?:\\([^)]*\\)\\s*)?(?:from|to)\\s+(?:stdin|stdout|program\\b|'|\\$|\\?|@|s3)",
)
const NEW_STATEMENT =
  /^(?:explain|describe|desc)\s+(?:(?:analyze|verbose|extended|query\s+plan|format\s*=\s*\w+)\s+|\([^)]*\)\s*)*/i

/** One rule a verb: `text` begins with it. */
const RULES: Record<string, ((text: string, verb: Casing) => boolean) | undefined> = {
  SELECT: looksLikeSelect,
  WITH: text => CTE.test(text) || CTE_TIGHT.test(text) || UNKNOWN_CTES.test(text),
  INSERT: insert,
  REPLACE: insert,
  UPDATE(text, verb) {
    const plain = UPDATE.exec(text)
    if (plain) return !isArticle(plain[1]) && (verb !== 'capitalized' || text.includes('='))
    return verb !== 'capitalized' && UPDATE_JOIN.test(text)
  },
  DELETE(text, verb) {
    const plain = DELETE.exec(text)
    if (plain)
      return (
        !isArticle(plain[1]) &&
        (verb !== 'capitalized' || /\swhere\s[^=<>]*(?:[=<>]|\sin\b|\sis\b)/i.test(text))
      )
    return DELETE_JOIN.test(text) && verb !== 'capitalized'
  },
  MERGE: (text, verb) => MERGE.test(text) && (verb === 'upper' || /\bmatched\b/i.test(text)),
  CREATE: (text, verb) =>
    CREATE_TABLE.test(text) ||
    CREATE_VIEW.test(text) ||
    CREATE_INDEX.test(text) ||
    CREATE_ROUTINE.test(text) ||
    CREATE_TRIGGER.test(text) ||
    (verb !== 'capitalized' && CREATE_OTHER.test(text)) ||
    CREATE_PLAIN.test(text),
  ALTER: (text, verb) => verb !== 'capitalized' && ALTER.test(text),
  DROP(text, verb) {
    const found = DROP.exec(text)
    return found !== null && !isArticle(found[2]) && (verb !== 'capitalized' || found[1] !== undefined)
  },
  TRUNCATE(text, verb) {
    const found = TRUNCATE.exec(text)
    return (
      found !== null &&
      !isArticle(found[2]) &&
      (verb === 'upper' || (verb === 'lower' && found[1] !== undefined))
    )
  },
  RENAME: text => after('rename\\s+table\\s+', '\\s+to\\s').test(text),
  COPY: (text, verb) =>
    verb !== 'capitalized' && (COPY.test(text) || /^copy\s*\(\s*(?:select|with|values|table)\b/i.test(text)),
  LOAD: text => /^load\s+data\s+(?:\w+\s+)*infile\b/i.test(text),
  LOCK: (text, verb) =>
    verb !== 'capitalized' &&
    /^lock\s+(?:tables?\s+["`[\w$]|["\w$,.\s]{1,300}\sin\s+(?:access|row|share|exclusive)\b[a-z\s]{0,30}\bmode\b)/i.test(
      text,
    ),
  UNLOCK: (text, verb) => verb !== 'capitalized' && /^unlock\s+tables\s*;?\s*$/i.test(text),
  CALL: (text, verb) => verb !== 'capitalized' && after('call\\s+', '\\s*\\(').test(text),
  EXEC: (text, verb) =>
    verb !== 'capitalized' &&
    after('exec\\s+', '(?:\\s*$|\\s*;|\\s+[@\'"N?])').test(text) &&
    text.length < LOOKED_AT,
  EXPLAIN: explained,
  DESCRIBE: (text, verb) =>
    explained(text) || (verb === 'upper' && /^DESCRIBE\s+["`\w.]+\s*;?\s*$/.test(text)),
  DESC: (text, verb) => explained(text) || (verb === 'upper' && /^DESC\s+["`\w.]+\s*;?\s*$/.test(text)),
  SHOW: (text, verb) =>
    verb !== 'capitalized' &&
    /^show\s+(?:full\s+|global\s+|session\s+)*(?:tables|databases|schemas|columns|fields|index|indexes|keys|create\s+(?:table|view|database|procedure|function)|table\s+status|variables|status|processlist|grants|triggers|warnings|search_path|slave\s+status|master\s+status|replica\s+status|engines|engine|timezone|server_version)\b/i.test(
      text,
    ) &&
    !ARTICLE.test(text.split(/\s+/)[2] ?? 'x'),
  SET: (text, verb) =>
    verb !== 'capitalized' &&
    /^set\s+(?:(?:session|global|local)\s+)?(?:names\s+\S+\s*;?\s*$|transaction\s+\S|search_path\b|time\s+zone\b|role\s+\S+\s*;?\s*$|@@?[\w.]+\s*:?=|(?:session_replication_role|autocommit|foreign_key_checks|sql_mode|statement_timeout|lock_timeout|timezone|[a-z]+(?:_[a-z]+)+)\s*(?:=|to\s)|constraints\s|characteristics\s|character\s+set\s)/i.test(
      text,
    ),
  START: text => /^start\s+transaction\s*(?:$|;|\b(?:isolation|read|with)\b)/i.test(text),
  BEGIN: text =>
    /^begin\s+(?:tran|transaction|work|isolation|immediate|exclusive|deferred)\b[\w\s;,]*$/i.test(text),
  COMMIT: text => /^commit\s+(?:tran|transaction|work|prepared|and)\b[\w\s;']*$/i.test(text),
  ROLLBACK: text =>
    /^rollback\s+(?:(?:tran|transaction|work)\b\s*)?(?:$|;|(?:to(?:\s+savepoint)?|prepared|and)\s+\S+\s*;?\s*$)/i.test(
      text,
    ),
  SAVEPOINT: (text, verb) => verb !== 'capitalized' && /^savepoint\s+["\w${}]+\s*;?\s*$/i.test(text),
  VALUES: (text, verb) => verb !== 'capitalized' && /^values\s*\([^)]/i.test(text),
  TABLE: (text, verb) => verb === 'upper' && /^TABLE\s+["\w.]+\s*;?\s*$/.test(text),
  PRAGMA: text => /^pragma\s+[a-z_]\w*(?:\.\w+)?\s*(?:$|;|=|\()/i.test(text),
  REFRESH: text => /^refresh\s+materialized\s+view(?:\s|$)/i.test(text),
  VACUUM: (text, verb) =>
    verb === 'upper' &&
    /^VACUUM(?:\s*$|\s*;|\s*\(|\s+(?:FULL|ANALYZE|VERBOSE|FREEZE|INTO)\b|\s+["\w.]+\s*;?\s*$)/.test(text),
  ANALYZE: (text, verb) => verb === 'upper' && /^ANALYZE(?:\s+TABLE)?\s+["`\w.]+\s*;?\s*$/.test(text),
  OPTIMIZE: (text, verb) => verb !== 'capitalized' && /^optimize\s+table\s+["`\w.]+/i.test(text),
  REINDEX: (text, verb) =>
    verb !== 'capitalized' && /^reindex\s+(?:table|index|database|schema|\()/i.test(text),
  COMMENT: (text, verb) =>
    verb !== 'capitalized' &&
    /^comment\s+on\s+(?:table|column|view|function|materialized|index|type|schema|constraint|trigger|extension|policy)\s/i.test(
      text,
    ),
  GRANT: (text, verb) =>
    verb !== 'capitalized' &&
    /^grant\s+.{1,300}\s(?:on\s+.{1,300}\s)?to\s+["'`$\w]/is.test(text) &&
    /\b(?:on|usage|all|role)\b/i.test(text),
  REVOKE: (text, verb) => verb !== 'capitalized' && /^revoke\s+.{1,300}\son\s+.{1,300}\sfrom\s/is.test(text),
  PREPARE: text =>
    /^prepare\s+\w+\s*(?:\([^)]*\)\s*)?(?:as\s+(?:select|insert|update|delete|with)\b|from\s+['@])/i.test(
      text,
    ),
  DEALLOCATE: (text, verb) =>
    verb !== 'capitalized' && /^deallocate\s+(?:prepare\s+)?\w+\s*;?\s*$/i.test(text),
  DECLARE: text => /^declare\s+(?:@\w+\s|["\w]+\s+(?:\w+\s+)*cursor\b)/i.test(text),
  DO: text => /^do\s+(?:language\s+\w+\s+)?(?:\$\w*\$|')/i.test(text),
  LISTEN: (text, verb) => verb === 'upper' && /^LISTEN\s+["\w]+\s*;?\s*$/.test(text),
  NOTIFY: (text, verb) => verb === 'upper' && /^NOTIFY\s+["\w]+\s*(?:,\s*'|;?\s*$)/.test(text),
  IF: (text, verb) =>
    verb !== 'capitalized' &&
    /^if\s+(?:(?:not\s+)?exists\s*\(\s*select\b|\(?\s*(?:object_id|col_length|db_id|schema_id)\s*\()/i.test(
      text,
    ),
  USE: (text, verb) => verb === 'upper' && /^USE\s+[`"[\]\w]+\s*;/.test(text),
}

function insert(text: string, verb: Casing): boolean {
  const found = INSERT.exec(text)
  if (found) return !isArticle(found[1]) && (verb !== 'capitalized' || /[(=]/.test(text))
  // `INSERT t (x) VALUES …` without INTO
  return verb !== 'capitalized' && after('insert\\s+', '\\s*\\([^)]*\\)\\s*(?:values|select)\\b').test(text)
}

function explained(text: string): boolean {
  const head = NEW_STATEMENT.exec(text)
  return head !== null && head[0].length < text.length && looksLikeSql(text.slice(head[0].length))
}

// What may follow the table after FROM
const AFTER_TABLE =
  /^\s*(?:$|[;,)\]]|\$|--|\/\*|(?:where|join|inner|left|right|full|cross|natural|order|group|having|limit|offset|union|except|intersect|for|on|using|as|tablesample|window|fetch|with|use|force|final|prewhere|straight_join|partition|returning|lateral|lock|at|pivot|qualify|option)\b)/i

const FROM_TABLE = new RegExp(`^\\s*(?:only\\s+|lateral\\s+)?${NAME}`, 'iu')

function looksLikeSelect(written: string, verb: Casing): boolean {
  const text = written.replace(/'[^'\n]*'/g, "''")
  if (!/^select[\s*('"`$[@]/i.test(text)) return false
  const from = /\sfrom\s/i.exec(text.length > 6 ? ` ${text.slice(6)} ` : '')
  const list = (from ? text.slice(6, 6 + from.index - 1 + 1) : text.slice(6)).trim()
  const punctuated = /[*(),."`=|?${}]|\bas\s/i.test(list)
  if (!from) {
    // `SELECT 1`, `SELECT now()`, `SELECT a, b` before a FROM that is put together later
    if (/^(?:-?\d+(?:\.\d+)?|''|\*|\?|\$\d+|@@?\w+)(?:\s+(?:as\s+)?["`]?\w+["`]?)?\s*[;)]*\s*$/i.test(list))
      return true
    if (verb === 'capitalized') return false
    if (/^(?:distinct\s+)?(?:["`\w]+\.)?["`]?[\w.]+["`]?\s*\(/i.test(list) && /\)/.test(list))
      return !isSentence(list)
    return verb === 'upper' && punctuated && !isSentence(list)
  }
  const rest = text.slice(6 + from.index + from[0].length - 1)
  if (/^\s*(?:$|\(|\$|\?|%|\{)/.test(rest)) return punctuated || verb !== 'capitalized'
  const table = FROM_TABLE.exec(rest)
  if (!table) return false
  if (verb !== 'upper' && isArticle(table[1])) return false
  const tail = rest.slice(table[0].length)
  const called = /^\s*\(/.test(tail)
  const direct = called || AFTER_TABLE.test(tail)
  // An alias without AS, then what may follow a table
  const aliased =
    !direct &&
    /^\s+["`]?[a-z_]\w*["`]?/i.test(tail) &&
    AFTER_TABLE.test(tail.replace(/^\s+["`]?[a-z_]\w*["`]?/i, ''))
  if (!direct && !aliased) return false
  if (verb === 'upper') return list !== '' || called
  if (list === '') return false
  // Lower case or capitalized: the list must be one of columns, and not `a file`, `one or more items`
  const columns = list
    .split(',')
    .every(item =>
      /^\s*(?:(?:distinct|all|top\s+\d+)\s+)?[\w.$"`]+(?:\s+as\s+["`]?\w+["`]?)?\s*$/i.test(item),
    )
  if (verb === 'lower') return punctuated ? !isSentence(list) : columns && (direct || /[=<>]/.test(tail))
  return (
    punctuated &&
    !isSentence(list) &&
    (/[*(."`=]/.test(list) || /\b(?:where|join|order\s+by|group\s+by|limit)\b/i.test(tail))
  )
}

/** Words in a row with no operator between, full stops or question marks before a space: prose. */
function isSentence(list: string): boolean {
  if (/[.!?:]\s+[A-Za-z]/.test(list)) return true
  return (
    /(?:^|[\s,])(?:the|your|please|to|you|an)\s+[a-z]+(?:\s+[a-z]+|$|,)/i.test(list) && !/["'`]/.test(list)
  )
}
