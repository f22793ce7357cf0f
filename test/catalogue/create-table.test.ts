import { describe, expect, test } from 'vitest'
import { doesNotEnd } from '../support/ends.js'
import fc from '../support/fast-check.js'
import { read, tables } from './helpers.js'

describe('MySQL', () => {
  test.each<[string, string, string]>([
    ['plain', 'CREATE TABLE t (id INT, name VARCHAR(50))', 't(id int, name varchar(50))'],
    ['IF NOT EXISTS', 'create table if not exists t (id int)', 't(id int)'],
    ['quoted', 'CREATE TABLE `order` (`key` INT, `from` TEXT)', 'order(key int, from text)'],
    [
      'spaces and comments',
      'CREATE TABLE t (\n  -- the key\n  id INT /* number */ NOT NULL, # why\n  a TEXT\n)',
      't(id int!, a text)',
    ],
    [
      'unsigned, auto increment',
      'CREATE TABLE t (id BIGINT(20) UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY)',
      't(id bigint(20) unsigned!) pk(id)',
    ],
    ['key word alone', 'CREATE TABLE t (id INT AUTO_INCREMENT KEY)', 't(id int!) pk(id)'],
    ['unique key is none', 'CREATE TABLE t (id INT UNIQUE KEY)', 't(id int)'],
    ['enum', "CREATE TABLE t (s ENUM('a','B, c') NOT NULL DEFAULT 'a')", "t(s enum('a','b, c')!)"],
    ['decimal', 'CREATE TABLE t (d DECIMAL(10, 2) NULL)', 't(d decimal(10,2))'],
    [
      'character set',
      'CREATE TABLE t (s VARCHAR(9) CHARACTER SET utf8 COLLATE utf8_bin NOT NULL)',
      't(s varchar(9)!)',
    ],
    ['character varying', 'CREATE TABLE t (s CHARACTER VARYING(9))', 't(s character varying(9))'],
    [
      'on update',
      'CREATE TABLE t (u TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP)',
      't(u timestamp)',
    ],
    [
      'comment with a comma and a quote',
      "CREATE TABLE t (a INT COMMENT 'it''s (a), b INT', b INT)",
      't(a int, b int)',
    ],
    [
      'generated',
      "CREATE TABLE t (f VARCHAR(9) GENERATED ALWAYS AS (CONCAT(a, ' ', b)) STORED NOT NULL)",
      't(f varchar(9)!)',
    ],
    ['as without generated', 'CREATE TABLE t (f VARCHAR(9) AS (CONCAT(a, b)) STORED)', 't(f varchar(9))'],
    [
      'check of a column',
      'CREATE TABLE t (a JSON DEFAULT (JSON_OBJECT()) CHECK (JSON_VALID(a)), b INT)',
      't(a json, b int)',
    ],
    [
      'default expression',
      "CREATE TABLE t (a CHAR(36) NOT NULL DEFAULT (UUID()), b INT DEFAULT '5')",
      't(a char(36)!, b int)',
    ],
    [
      'primary key of the table',
      'CREATE TABLE t (a INT, b INT, PRIMARY KEY (a, b))',
      't(a int!, b int!) pk(a, b)',
    ],
    [
      'with a prefix and an order',
      'CREATE TABLE t (a TEXT, b INT, PRIMARY KEY USING BTREE (a(10), b DESC))',
      't(a text!, b int!) pk(a, b)',
    ],
    [
      'indexes',
      'CREATE TABLE t (a INT, KEY k (a), INDEX (a), UNIQUE KEY u (a), UNIQUE (a), FULLTEXT KEY f (a), SPATIAL INDEX s (a), FULLTEXT (a))',
      't(a int)',
    ],
    [
      'index with a type',
      'CREATE TABLE t (a INT, KEY k USING HASH (a), KEY j (a) USING BTREE COMMENT "x")',
      't(a int)',
    ],
    ['index on an expression', 'CREATE TABLE t (a INT, KEY k ((lower(a))))', 't(a int)'],
    [
      'columns called key and index',
      'CREATE TABLE t (`index` INT, key varchar(50) NOT NULL)',
      't(index int, key varchar(50)!)',
    ],
    ['check of the table', 'CREATE TABLE t (a INT, CONSTRAINT c CHECK (a > 0), CHECK (a < 9))', 't(a int)'],
    [
      'foreign key',
      'CREATE TABLE t (a INT, FOREIGN KEY (a) REFERENCES p (id) ON DELETE CASCADE ON UPDATE SET NULL)',
      't(a int) fk(a -> p.id)',
    ],
    [
      'named foreign key',
      'CREATE TABLE t (a INT, b INT, CONSTRAINT `f` FOREIGN KEY `i` (`a`, b) REFERENCES `p` (`x`, y))',
      't(a int, b int) fk(a, b -> p.x, y)',
    ],
    [
      'unnamed constraint',
      'CREATE TABLE t (a INT, CONSTRAINT FOREIGN KEY (a) REFERENCES p (id))',
      't(a int) fk(a -> p.id)',
    ],
    [
      'foreign key to another database',
      'CREATE TABLE t (a INT, FOREIGN KEY (a) REFERENCES nilecare.patients (id))',
      't(a int) fk(a -> nilecare.patients.id)',
    ],
    [
      'engine and so on',
      "CREATE TABLE t (a INT) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci COMMENT='x (y), z' AUTO_INCREMENT=5",
      't(a int)',
    ],
    [
      'partitions',
      'CREATE TABLE t (a INT) PARTITION BY RANGE (a) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN MAXVALUE)',
      't(a int)',
    ],
    ['version comments', '/*!40101 CREATE TABLE t (a INT) /*!50100 ENGINE=X */ */;', 't(a int)'],
    [
      'timestamp with precision',
      'CREATE TABLE t (a DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6))',
      't(a datetime(6)!)',
    ],
    ['unclosed', 'CREATE TABLE t (a INT, b VARCHAR(5', 't(a int, b varchar(5)'],
    ['trailing comma', 'CREATE TABLE t (a INT, b INT,)', 't(a int, b int)'],
  ])('%s', (_, text, expected) => expect(tables(text)).toEqual([expected]))

  test('LIKE', () =>
    expect(tables('CREATE TABLE a (id INT); CREATE TABLE b LIKE a;')).toEqual(['a(id int)', 'b(id int)']))
  test('LIKE with the primary key', () =>
    expect(tables('CREATE TABLE a (id INT PRIMARY KEY); CREATE TABLE b LIKE a;')[1]).toBe(
      'b(id int!) pk(id)',
    ))
  test('AS a query', () => expect(tables('CREATE TABLE b AS SELECT * FROM a')).toEqual(['b()']))
  test('a query without AS', () => expect(tables('CREATE TABLE b SELECT * FROM a')).toEqual(['b()']))
  test.each([
    ['AS SELECT * FROM a', 'b(id int)'],
    ['SELECT * FROM a WHERE id > 5', 'b(id int)'],
    ['AS (SELECT * FROM a LIMIT 0)', 'b(id int)'],
    ['AS SELECT * FROM a JOIN c ON a.id = c.id', 'b()'],
    ['AS SELECT * FROM a, c', 'b()'],
    ['AS SELECT x FROM a', 'b()'],
  ])('columns copied by %s', (query, expected) => {
    expect(tables(`CREATE TABLE a (id INT); CREATE TABLE b ${query}`)[1]).toBe(expected)
  })
  test('temporary tables are none', () => expect(tables('CREATE TEMPORARY TABLE b (a INT)')).toEqual([]))
  test('a name that is not known', () => expect(tables('CREATE TABLE ${name} (a INT)')).toEqual([]))
  test('a schema that is not known', () =>
    expect(tables('CREATE TABLE ${schema}.t (a INT)', 'postgresql')).toEqual(['t(a int)']))
})

describe('PostgreSQL', () => {
  test.each<[string, string, string]>([
    [
      'folds what is not quoted',
      'CREATE TABLE Users ("userId" UUID, Name TEXT)',
      'users(userId uuid, name text)',
    ],
    ['keeps what is', 'CREATE TABLE "memberIdentities" (id int)', 'memberIdentities(id int)'],
    ['default schema', 'CREATE TABLE public.users (id int)', 'users(id int)'],
    ['other schema', 'CREATE TABLE audit."logs" (id int)', 'audit.logs(id int)'],
    [
      'types of several words',
      'CREATE TABLE t (a TIMESTAMP(3) WITH TIME ZONE NOT NULL, b double precision, c timestamp without time zone)',
      't(a timestamp(3) with time zone!, b double precision, c timestamp without time zone)',
    ],
    [
      'arrays and qualified types',
      'CREATE TABLE t (a TEXT[] NOT NULL, b public.citext, c numeric(10,2)[])',
      't(a text[]!, b public.citext, c numeric(10,2)[])',
    ],
    ['serial', 'CREATE TABLE t (id BIGSERIAL PRIMARY KEY, n serial)', 't(id bigserial!, n serial!) pk(id)'],
    ['identity', 'CREATE TABLE t (id INT GENERATED BY DEFAULT AS IDENTITY (START 5))', 't(id int!)'],
    [
      'default with a cast',
      "CREATE TABLE t (a JSONB NOT NULL DEFAULT '{}'::jsonb, b varchar(9) DEFAULT 'x'::character varying NOT NULL)",
      't(a jsonb!, b varchar(9)!)',
    ],
    [
      'inline reference',
      'CREATE TABLE t (a UUID NOT NULL REFERENCES "parents" (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED)',
      't(a uuid!) fk(a -> parents.id)',
    ],
    [
      'inline reference without column',
      'CREATE TABLE t (a INT REFERENCES p, b INT CONSTRAINT x REFERENCES s.q)',
      't(a int, b int) fk(a -> p) fk(b -> s.q)',
    ],
    [
      'columns called key, type, value',
      'CREATE TABLE t (key text, type varchar(9), value text, index int, "check" int)',
      't(key text, type varchar(9), value text, index int, check int)',
    ],
    [
      'exclude',
      "CREATE TABLE t (r tsrange, EXCLUDE USING gist (r WITH &&), CHECK (r <> 'empty'))",
      't(r tsrange)',
    ],
    ['unlogged', 'CREATE UNLOGGED TABLE IF NOT EXISTS t (a int)', 't(a int)'],
    ['partitioned', 'CREATE TABLE t (a int, PRIMARY KEY (a)) PARTITION BY RANGE (a)', 't(a int!) pk(a)'],
    ['collate', 'CREATE TABLE t (a TEXT COLLATE "C" NOT NULL)', 't(a text!)'],
    ['comment in the type', 'CREATE TABLE t (a jsonb /* @use X */ not null)', 't(a jsonb!)'],
    [
      'foreign key with match',
      'CREATE TABLE t (a int, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (b) MATCH FULL NOT VALID)',
      't(a int) fk(a -> p.b)',
    ],
    [
      'hypertable',
      "CREATE TABLE t (time TIMESTAMPTZ NOT NULL, v DOUBLE PRECISION); SELECT create_hypertable('t', 'time', if_not_exists => TRUE);",
      't(time timestamptz!, v double precision)',
    ],
  ])('%s', (_, text, expected) => expect(tables(text, 'postgresql')).toEqual([expected]))

  test('PARTITION OF, INHERITS and LIKE take columns over', () => {
    const text = `CREATE TABLE p (a int) PARTITION BY LIST (a);
      CREATE TABLE c PARTITION OF p FOR VALUES IN (1);
      CREATE TABLE i (b int) INHERITS (p);
      CREATE TABLE l (LIKE p, c int);`
    expect(tables(text, 'postgresql')).toEqual(['p(a int)', 'c(a int)', 'i(a int, b int)', 'l(a int, c int)'])
  })

  test('LIKE takes the primary key over if it says so', () => {
    const text =
      'CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (LIKE a INCLUDING ALL); CREATE TABLE c (LIKE a);'
    expect(tables(text, 'postgresql')).toEqual(['a(id int!) pk(id)', 'b(id int!) pk(id)', 'c(id int!)'])
  })

  test('search_path', () => {
    expect(
      tables(
        'SET search_path TO app, public; CREATE TABLE t (a int); CREATE TABLE public.u (a int);',
        'postgresql',
      ),
    ).toEqual(['app.t(a int)', 'u(a int)'])
  })
})

describe('others', () => {
  test.each<['sqlite' | 'mssql' | 'clickhouse' | 'unknown', string, string]>([
    [
      'sqlite',
      'CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a, b TEXT NOT NULL) WITHOUT ROWID',
      't(id integer!, a , b text!) pk(id)',
    ],
    ['sqlite', 'CREATE TABLE "t" (\'a\' TEXT, [b] INT)', 't(a text, b int)'],
    [
      'mssql',
      'CREATE TABLE [dbo].[Users] ([Id] INT IDENTITY(1,1) NOT NULL, [Name] NVARCHAR(MAX) NULL, CONSTRAINT [PK] PRIMARY KEY CLUSTERED ([Id] ASC)) ON [PRIMARY]',
      'Users(Id int!, Name nvarchar(max)) pk(Id)',
    ],
    [
      'mssql',
      'CREATE TABLE t (a INT FOREIGN KEY REFERENCES p (id), b AS (a + 1))',
      't(a int, b ) fk(a -> p.id)',
    ],
    [
      'clickhouse',
      'CREATE TABLE t ON CLUSTER c (a UInt64 CODEC(ZSTD), b LowCardinality(String)) ENGINE = MergeTree ORDER BY a',
      't(a uint64, b lowcardinality(string))',
    ],
    ['unknown', 'CREATE TABLE t (id INT PRIMARY KEY, key VARCHAR(9))', 't(id int!, key varchar(9)) pk(id)'],
  ])('%s %s', (dialect, text, expected) => expect(tables(text, dialect)).toEqual([expected]))

  test('temporary table of T-SQL', () => expect(tables('CREATE TABLE #t (a INT)', 'mssql')).toEqual([]))
})

describe('hostile text', () => {
  const texts: [string, string][] = [
    ['parentheses', `CREATE TABLE t (a INT DEFAULT ${'('.repeat(20_000)}`],
    ['closed parentheses', `CREATE TABLE t (a INT DEFAULT ${'('.repeat(20_000)}${')'.repeat(20_000)})`],
    ['commas', `CREATE TABLE t (${','.repeat(100_000)})`],
    ['columns', `CREATE TABLE t (${'a INT,'.repeat(20_000)}b INT)`],
    ['unclosed quote', "CREATE TABLE t (a INT DEFAULT 'x"],
    ['actions', `ALTER TABLE t ${'ADD a INT,'.repeat(20_000)}`],
    ['words', `CREATE ${'OR REPLACE '.repeat(50_000)} TABLE t (a INT)`],
    ['dots', `CREATE TABLE ${'a.'.repeat(50_000)}b (c INT)`],
    ['subqueries', `CREATE VIEW v AS ${'SELECT * FROM ('.repeat(10_000)}SELECT 1 FROM a`],
    ['rows', `INSERT INTO t VALUES ${"(1, 'x'),".repeat(100_000)}(2, 'y')`],
    [
      'tables',
      Array.from({ length: 10_000 }, (_, n) => `CREATE TABLE t${n} (a INT); DROP TABLE T${n};`).join('\n'),
    ],
    ['comments', '/*'.repeat(50_000)],
  ]
  test('all of it ends', () => {
    const helpers = new URL('./helpers.ts', import.meta.url)
    expect(doesNotEnd(helpers, '({ read }, text) => read(text)', texts)).toBeNull()
  })

  const word = fc.constantFrom(
    'CREATE',
    'TABLE',
    'ALTER',
    'DROP',
    'RENAME',
    'TO',
    'ADD',
    'COLUMN',
    'VIEW',
    'AS',
    'SELECT',
    'FROM',
    'a',
    '`b`',
    '"c"',
    "'d'",
    '(',
    ')',
    ',',
    '.',
    ';',
    'INT',
    'PRIMARY',
    'KEY',
    'FOREIGN',
    'REFERENCES',
    'CONSTRAINT',
    'IF',
    'NOT',
    'EXISTS',
    'NULL',
    'DEFAULT',
    '${x}',
    '$',
    '{',
    'FUNCTION',
    'TRIGGER',
    'ON',
    'EXECUTE',
    'BEGIN',
    'END',
    '$$',
    'USE',
    'SET',
    'SEARCH_PATH',
    'LIKE',
    'INDEX',
    '--',
    '/*',
    '*/',
    '\n',
  )
  test.each(['mysql', 'postgresql', 'mssql', 'sqlite'] as const)('any words: never throws (%s)', dialect => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 40 }), words => {
        const { changes } = read(words.join(' '), dialect)
        for (const change of changes) expect(change.line).toBeGreaterThan(0)
      }),
      { numRuns: 300 },
    )
  })
})
