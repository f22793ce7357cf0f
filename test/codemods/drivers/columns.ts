/** Columns of every type that is rewritten, and of some that are not, each with values as SQL writes them. */
export type Columns = Record<string, [type: string, ...values: string[]]>

export const MYSQL: Columns = {
  flag: ['tinyint(1)', '1', '0'],
  tiny: ['tinyint unsigned', '255', '0'],
  born: ['year', '2024', '1999'],
  mid: ['mediumint', '-8388608', '7'],
  num: ['int', '2147483647', '-1'],
  unum: ['int unsigned', '4294967295', '0'],
  big: ['bigint', '9007199254740993', '-9223372036854775808', '42'],
  ubig: ['bigint unsigned', '18446744073709551615', '9007199254740991', '1'],
  money: ['decimal(30,4)', '12345678901234567.8901', '0.1000', '-12.5000'],
  whole: ['decimal(10,0)', '42', '0'],
  ratio: ['double', '0.1', '1e20', '-2.5'],
  small: ['float', '0.1', '1.5'],
  onebit: ['bit(1)', "b'1'", "b'0'"],
  bits: ['bit(10)', "b'1010101010'", "b'1'"],
  fixed: ['char(5)', "'ab'", "''"],
  name: ['varchar(40)', "'Ünal 😀'", "'it''s \\\\ \"'", "'1'"],
  body: ['text', "'日本\\n'", "''"],
  kind: ["enum('a','b')", "'a'", "'b'"],
  kinds: ["set('a','b')", "'a,b'", "''"],
  ident: ['uuid', "'6f1c2f3e-8a54-4d7e-9c1b-000000000001'"],
  day: ['date', "'2024-02-29'", "'1969-12-31'", "'1000-01-01'"],
  moment: ['datetime', "'2024-03-10 02:30:00'", "'1969-12-31 23:59:59'", "'2024-11-03 01:30:00'"],
  exact: ['datetime(6)', "'2024-02-29 13:45:00.123456'", "'2024-02-29 00:00:00.500000'"],
  stamp: ['timestamp NULL', "'2024-07-01 23:59:59'", "'2024-02-29 00:00:00'"],
  clock: ['time', "'13:45:00'", "'-838:59:59'"],
  fine: ['time(3)', "'13:45:00.5'", "'00:00:00'"],
  raw: ['varbinary(20)', "x'00ff275c'", "''"],
  bytes: ['blob', "x'ff'", "'abc'"],
  doc: ['json', '\'{"a": [1, null, "ü"], "b": 1.50}\'', '\'"text"\'', "'null'", "'[]'"],
}

export const POSTGRESQL: Columns = {
  flag: ['boolean', 'true', 'false'],
  small: ['smallint', '-32768', '7'],
  num: ['integer', '2147483647', '-1'],
  object: ['oid', '4294967295', '0'],
  big: ['bigint', '9007199254740993', '-9223372036854775808', '42'],
  money: ['numeric(30,4)', '12345678901234567.8901', '0.1000', '-12.5000'],
  loose: ['numeric', '1.50', "'NaN'", '12345678901234567890.123456789'],
  ratio: ['double precision', '0.1', "'NaN'", "'-Infinity'", '1e20'],
  single: ['real', '0.1', '1.5'],
  cash: ['money', "'12.50'"],
  name: ['text', "'Ünal 😀'", "'it''s \\ \"'", "'1'", "''"],
  short: ['varchar(20)', "'日本'", "''"],
  fixed: ['char(5)', "'ab'"],
  ident: ['uuid', "'6f1c2f3e-8a54-4d7e-9c1b-000000000001'"],
  day: ['date', "'2024-02-29'", "'1969-12-31'", "'0900-01-01'"],
  moment: ['timestamp', "'2024-03-10 02:30:00'", "'2024-02-29 13:45:00.123456'", "'1969-12-31 23:59:59'"],
  instant: [
    'timestamptz',
    "'2024-03-10 02:30:00+00'",
    "'2024-02-29 13:45:00.123456+05:30'",
    "'1950-01-01 00:00:00+00'",
  ],
  clock: ['time', "'13:45:00.5'", "'24:00:00'"],
  zoned: ['timetz', "'13:45:00+02'"],
  raw: ['bytea', "'\\x00ff275c'", "''"],
  doc: ['jsonb', '\'{"a": [1, null, "ü"], "b": 1.50}\'', '\'"text"\'', "'null'", "'[]'"],
  plain: ['json', '\'{"a": 1, "a": 2}\'', "'1'"],
  address: ['inet', "'10.0.0.1/8'", "'10.0.0.1'"],
  net: ['cidr', "'10.0.0.0/8'"],
  mac: ['macaddr', "'08:00:2b:01:02:03'"],
  markup: ['xml', "'<a/>'"],
  words: ['tsvector', "'a b'"],
  mood: ['mood', "'glad'", "'sad'"],
  span: ['interval', "'1 day 02:03:04'"],
  bits: ['bit(3)', "b'101'"],
  place: ['point', "'(1,2)'"],
  nums: ['integer[]', "'{1,NULL,3}'", "'{}'", "'{{1,2},{3,4}}'"],
  names: ['text[]', '\'{a,NULL,"b c","d\\"e","NULL"}\'', "'{}'"],
  idents: ['uuid[]', "'{6f1c2f3e-8a54-4d7e-9c1b-000000000001}'"],
  flags: ['boolean[]', "'{t,f,NULL}'"],
  bigs: ['bigint[]', "'{9007199254740993,NULL}'"],
  sums: ['numeric[]', "'{1.50,NULL}'"],
  ratios: ['double precision[]', "'{0.5,NULL}'"],
  days: ['date[]', "'{2024-02-29}'"],
  moments: ['timestamp[]', "'{2024-02-29 13:45:00}'"],
  instants: ['timestamptz[]', "'{2024-02-29 13:45:00+00}'"],
  docs: ['jsonb[]', '\'{"{\\"a\\": 1}",NULL}\''],
  raws: ['bytea[]', '\'{"\\\\x01"}\''],
}

export const SCHEMAS: Record<'mysql' | 'postgresql', string> = {
  mysql: `CREATE TABLE samples (id INT NOT NULL PRIMARY KEY, ${definitions(MYSQL)});
CREATE TABLE notes (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, body VARCHAR(40) NOT NULL UNIQUE, hits BIGINT NOT NULL DEFAULT 0);
`,
  postgresql: `CREATE TYPE mood AS ENUM ('glad', 'sad');
CREATE TABLE samples (id integer PRIMARY KEY, ${definitions(POSTGRESQL)});
CREATE TABLE notes (id serial PRIMARY KEY, body text NOT NULL UNIQUE, hits bigint NOT NULL DEFAULT 0);
`,
}

function definitions(columns: Columns): string {
  return Object.entries(columns)
    .map(([name, [type]]) => `${name} ${type}`)
    .join(', ')
}

/** INSERTs of as many rows as there are values, and of one of NULLs. */
export function inserts(columns: Columns): string[] {
  const names = Object.keys(columns)
  const count = Math.max(...Object.values(columns).map(([, ...values]) => values.length))
  return Array.from({ length: count + 1 }, (_, at) => {
    const values = Object.values(columns).map(([, ...each]) => each[at] ?? 'NULL')
    return `INSERT INTO samples (id, ${names.join(', ')}) VALUES (${at + 1}, ${values.join(', ')})`
  })
}
