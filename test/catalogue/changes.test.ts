import { describe, expect, test } from 'vitest'
import type { Dialect } from '../../analyzers/model.js'
import { change, read, setsOf, show, tables } from './helpers.js'

describe('ALTER TABLE', () => {
  const base =
    'CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE t (a INT NOT NULL, b TEXT, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id));'
  const altered = (text: string, dialect: 'mysql' | 'postgresql' | 'mssql' = 'mysql') =>
    tables(`${base}\n${text}`, dialect).find(table => /^(\w+\.)?(t|z)\(/.test(table))

  test.each<[string, string]>([
    ['ALTER TABLE t ADD COLUMN c INT NOT NULL AFTER a', 't(a int!, b text, c int!) fk(a -> p.id)'],
    [
      'ALTER TABLE t ADD c INT FIRST, ADD COLUMN d VARCHAR(9) COMMENT "x"',
      't(a int!, b text, c int, d varchar(9)) fk(a -> p.id)',
    ],
    ['ALTER TABLE t ADD COLUMN (c INT, d INT)', 't(a int!, b text, c int, d int) fk(a -> p.id)'],
    [
      'ALTER TABLE t ADD (c INT REFERENCES p(id), PRIMARY KEY (a))',
      't(a int!, b text, c int) pk(a) fk(a -> p.id) fk(c -> p.id)',
    ],
    ['ALTER TABLE t ADD COLUMN a INT', 't(a int!, b text) fk(a -> p.id)'],
    ['ALTER TABLE t DROP COLUMN b', 't(a int!) fk(a -> p.id)'],
    ['ALTER TABLE t DROP b', 't(a int!) fk(a -> p.id)'],
    ['ALTER TABLE t DROP COLUMN a', 't(b text)'],
    ['ALTER TABLE t CHANGE COLUMN b c VARCHAR(9) NOT NULL', 't(a int!, c varchar(9)!) fk(a -> p.id)'],
    ['ALTER TABLE t CHANGE a x BIGINT NOT NULL', 't(x bigint!, b text) fk(x -> p.id)'],
    ['ALTER TABLE t MODIFY COLUMN b MEDIUMTEXT NOT NULL', 't(a int!, b mediumtext!) fk(a -> p.id)'],
    ['ALTER TABLE t RENAME COLUMN b TO c', 't(a int!, c text) fk(a -> p.id)'],
    ['ALTER TABLE t RENAME TO z', 'z(a int!, b text) fk(a -> p.id)'],
    ['ALTER TABLE t RENAME z', 'z(a int!, b text) fk(a -> p.id)'],
    ['ALTER TABLE t RENAME AS z, ADD c INT', 'z(a int!, b text, c int) fk(a -> p.id)'],
    ['ALTER TABLE t RENAME INDEX i TO j', 't(a int!, b text) fk(a -> p.id)'],
    ['RENAME TABLE t TO z', 'z(a int!, b text) fk(a -> p.id)'],
    ['RENAME TABLE t TO tmp, p TO q, tmp TO z', 'z(a int!, b text) fk(a -> q.id)'],
    [
      'ALTER TABLE t ADD CONSTRAINT g FOREIGN KEY (b) REFERENCES q (id)',
      't(a int!, b text) fk(a -> p.id) fk(b -> q.id)',
    ],
    [
      'ALTER TABLE t ADD FOREIGN KEY (b) REFERENCES q (id), ADD INDEX i (b), ADD UNIQUE KEY u (a), ADD FULLTEXT INDEX (b)',
      't(a int!, b text) fk(a -> p.id) fk(b -> q.id)',
    ],
    ['ALTER TABLE t ADD CONSTRAINT PRIMARY KEY (a)', 't(a int!, b text) pk(a) fk(a -> p.id)'],
    ['ALTER TABLE t DROP FOREIGN KEY f', 't(a int!, b text)'],
    ['ALTER TABLE t DROP CONSTRAINT f', 't(a int!, b text)'],
    ['ALTER TABLE t DROP INDEX b', 't(a int!, b text) fk(a -> p.id)'],
    ['ALTER TABLE t DROP KEY b, DROP PRIMARY KEY', 't(a int!, b text) fk(a -> p.id)'],
    ['ALTER TABLE t ENGINE=InnoDB, CONVERT TO CHARACTER SET utf8mb4', 't(a int!, b text) fk(a -> p.id)'],
    ['ALTER TABLE t ADD PARTITION (PARTITION p3 VALUES LESS THAN (4))', 't(a int!, b text) fk(a -> p.id)'],
    ['DROP TABLE p', 't(a int!, b text)'],
    ['DROP TABLE IF EXISTS x, p CASCADE', 't(a int!, b text)'],
  ])('MySQL: %s', (text, expected) => expect(altered(text)).toBe(expected))

  test.each<[string, string]>([
    [
      'ALTER TABLE IF EXISTS ONLY t ADD COLUMN IF NOT EXISTS "c" INT DEFAULT 5',
      't(a int!, b text, c int) fk(a -> p.id)',
    ],
    [
      'ALTER TABLE t ALTER COLUMN b TYPE varchar(9) USING b::varchar(9), ALTER a DROP NOT NULL',
      't(a int, b varchar(9)) fk(a -> p.id)',
    ],
    [
      'ALTER TABLE t ALTER COLUMN b SET DATA TYPE jsonb, ALTER COLUMN b SET NOT NULL',
      't(a int!, b jsonb!) fk(a -> p.id)',
    ],
    ["ALTER TABLE t ALTER COLUMN b SET DEFAULT 'x'", 't(a int!, b text) fk(a -> p.id)'],
    ['ALTER TABLE t RENAME b TO c', 't(a int!, c text) fk(a -> p.id)'],
    ['ALTER TABLE t RENAME CONSTRAINT f TO g', 't(a int!, b text) fk(a -> p.id)'],
    ['ALTER TABLE public.t SET SCHEMA s', 's.t(a int!, b text) fk(a -> p.id)'],
    ['ALTER TABLE t DROP COLUMN IF EXISTS b CASCADE', 't(a int!) fk(a -> p.id)'],
    ['ALTER TABLE t ADD CONSTRAINT g CHECK (a > 0) NOT VALID', 't(a int!, b text) fk(a -> p.id)'],
    ['ALTER TABLE t ADD PRIMARY KEY USING INDEX i', 't(a int!, b text) fk(a -> p.id)'],
    ['ALTER TABLE t ENABLE ROW LEVEL SECURITY', 't(a int!, b text) fk(a -> p.id)'],
    ['ALTER TABLE t OWNER TO me', 't(a int!, b text) fk(a -> p.id)'],
    ['ALTER TABLE T ADD COLUMN c int', 't(a int!, b text, c int) fk(a -> p.id)'],
  ])('PostgreSQL: %s', (text, expected) => expect(altered(text, 'postgresql')).toBe(expected))

  test.each<[string, string]>([
    [
      'ALTER TABLE [dbo].[t] ADD [c] INT NULL, [d] INT NOT NULL',
      't(a int!, b text, c int, d int!) fk(a -> p.id)',
    ],
    [
      'ALTER TABLE t WITH CHECK ADD CONSTRAINT g FOREIGN KEY (b) REFERENCES [dbo].[q] (id)',
      't(a int!, b text) fk(a -> p.id) fk(b -> dbo.q.id)',
    ],
    ['ALTER TABLE t ALTER COLUMN b NVARCHAR(9) NOT NULL', 't(a int!, b nvarchar(9)!) fk(a -> p.id)'],
    ['ALTER TABLE t DROP COLUMN b', 't(a int!) fk(a -> p.id)'],
  ])('T-SQL: %s', (text, expected) => expect(altered(text, 'mssql')).toBe(expected))

  test('a foreign key without a name is dropped by the name that the database gave it', () => {
    const text = 'CREATE TABLE t (a INT REFERENCES p (id)); ALTER TABLE t DROP CONSTRAINT "t_a_fkey";'
    expect(tables(text, 'postgresql')).toEqual(['t(a int)'])
  })

  test('a name of which a part is not known is no table', () => {
    expect(tables('CREATE TABLE t (a INT); CREATE TABLE t_${i} (a INT)', 'postgresql')).toEqual(['t(a int)'])
  })

  test('a name that is not known is said', () => {
    expect(read('\nALTER TABLE ${t} ADD a INT', 'postgresql').diagnostics).toMatchObject([
      { code: 'schema-unknown-name', file: 'x.sql', line: 2 },
    ])
  })
})

describe('what stays after all changes', () => {
  test.each<[string, string, string[]]>([
    [
      'created again after a drop',
      'CREATE TABLE t (a INT); DROP TABLE t; CREATE TABLE t (b INT)',
      ['t(b int)'],
    ],
    ['created twice', 'CREATE TABLE t (a INT); CREATE TABLE IF NOT EXISTS t (b INT)', ['t(a int, b int)']],
    [
      'case as a second choice',
      'CREATE TABLE Users (a INT); ALTER TABLE users ADD b INT; DROP TABLE x',
      ['Users(a int, b int)'],
    ],
    ['exact case first', 'CREATE TABLE T (a INT); CREATE TABLE `t2` (a INT); DROP TABLE T', ['t2(a int)']],
    ['renamed twice', 'CREATE TABLE a (x INT); RENAME TABLE a TO b; ALTER TABLE b RENAME TO c', ['c(x int)']],
    [
      'the final state beside its history',
      'CREATE TABLE b (x INT, z INT); CREATE TABLE a (x INT, y INT); ALTER TABLE a DROP y',
      ['b(x int, z int)', 'a(x int)'],
    ],
    [
      'a view replaced',
      'CREATE VIEW v AS SELECT * FROM a; CREATE OR REPLACE VIEW v AS SELECT * FROM b',
      ['v = view of b'],
    ],
    ['a view dropped', 'CREATE VIEW v AS SELECT 1 FROM a; DROP VIEW IF EXISTS v', []],
    [
      'a view over a renamed table',
      'CREATE TABLE a (x INT); CREATE VIEW v AS SELECT * FROM a; RENAME TABLE a TO b',
      ['v = view of b', 'b(x int)'],
    ],
  ])('%s', (_, text, expected) => expect(tables(text).sort()).toEqual(expected.sort()))

  test('PostgreSQL tells quoted names apart by case', () => {
    expect(tables('CREATE TABLE users (a int); CREATE TABLE "Users" (b int);', 'postgresql')).toEqual([
      'users(a int)',
      'Users(b int)',
    ])
  })

  test('Drizzle’s marks between statements', () => {
    const text =
      'CREATE TABLE `a` (`x` int);--> statement-breakpoint\nCREATE TABLE `b` (`x` int);\n--> statement-breakpoint\nALTER TABLE `b` ADD `y` int;'
    expect(tables(text)).toEqual(['a(x int)', 'b(x int, y int)'])
  })

  test('a dropped schema', () => {
    expect(
      tables('CREATE TABLE s.t (a int); CREATE TABLE u (a int); DROP SCHEMA s CASCADE', 'postgresql'),
    ).toEqual(['u(a int)'])
  })

  test('where a table was created first, and everywhere else', () => {
    const [set] = setsOf({
      'migrations/1.sql': '\nCREATE TABLE t (a INT);',
      'migrations/2.sql': 'CREATE TABLE IF NOT EXISTS t (a INT);',
    })
    expect(set!.tables[0]).toMatchObject({
      file: 'migrations/1.sql',
      line: 2,
      definitions: [
        { file: 'migrations/1.sql', line: 2, service: null, ifNotExists: false },
        { file: 'migrations/2.sql', line: 1, service: null, ifNotExists: true },
      ],
    })
  })

  test('changes of tables that another set creates are kept for it', () => {
    const [set] = setsOf({
      'migrations/1.sql': 'ALTER TABLE patients ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES b (id)',
    })
    expect(set!.foreignChanges).toMatchObject([
      { name: 'patients', file: 'migrations/1.sql', foreignKeys: [{ to: 'b' }] },
    ])
  })
})

describe('databases', () => {
  const shown = (text: string, dialect: 'mysql' | 'postgresql' | 'mssql' = 'mysql') =>
    setsOf({ 'migrations/1.sql': text }, dialect).map(
      set => `${set.database}: ${set.tables.map(show).join('; ')}`,
    )

  test.each<[string, string, string[]]>([
    ['none', 'CREATE TABLE t (a INT)', ['null: t(a int)']],
    ['used', 'CREATE DATABASE x; USE `x`; CREATE TABLE t (a INT)', ['x: t(a int)']],
    ['only created', 'CREATE DATABASE IF NOT EXISTS x; CREATE TABLE t (a INT)', ['x: t(a int)']],
    [
      'several',
      'USE x; CREATE TABLE t (a INT); USE y; CREATE TABLE t (b INT)',
      ['x: t(a int)', 'y: t(b int)'],
    ],
    ['qualified', 'CREATE TABLE x.t (a INT); CREATE TABLE y.t (b INT)', ['x: t(a int)', 'y: t(b int)']],
    [
      'created before use of another',
      'CREATE DATABASE x; CREATE DATABASE y; USE y; CREATE TABLE t (a INT)',
      ['y: t(a int)'],
    ],
  ])('MySQL: %s', (_, text, expected) => expect(shown(text)).toEqual(expected))

  test.each<[string, string, string[]]>([
    ['connect', 'CREATE DATABASE x;\n\\connect x\nCREATE TABLE t (a int);', ['x: t(a int)']],
    [
      'two',
      '\\c x\nCREATE TABLE t (a int);\n\\c "y"\nCREATE TABLE u (a int);',
      ['x: t(a int)', 'y: u(a int)'],
    ],
    ['creating one is not using it', 'CREATE DATABASE keycloak; CREATE TABLE t (a int);', ['null: t(a int)']],
  ])('PostgreSQL: %s', (_, text, expected) => expect(shown(text, 'postgresql')).toEqual(expected))

  test('mssql: a variable of sqlcmd names none', () => {
    expect(shown('USE [$(DB_NAME)];\nGO\nCREATE TABLE [t] (a INT);\nGO\n', 'mssql')).toEqual([
      'null: t(a int)',
    ])
  })
})

describe('views, routines, triggers', () => {
  test.each<[string, string[]]>([
    ['CREATE VIEW v AS SELECT * FROM a JOIN b ON a.id = b.id', ['a', 'b']],
    [
      'CREATE OR REPLACE ALGORITHM=MERGE DEFINER=`root`@`%` SQL SECURITY DEFINER VIEW v AS SELECT 1 FROM a',
      ['a'],
    ],
    ['CREATE VIEW v (x, y) AS WITH c AS (SELECT * FROM a) SELECT * FROM c', ['a']],
    ['CREATE VIEW v AS SELECT * FROM a UNION SELECT * FROM b', ['a', 'b']],
  ])('%s', (text, expected) =>
    expect(change('create-view', text).reads.map(read => read.name)).toEqual(expected),
  )

  test('materialized, with a schema', () => {
    const view = change(
      'create-view',
      'CREATE MATERIALIZED VIEW IF NOT EXISTS s.v AS SELECT * FROM s.a',
      'postgresql',
    )
    expect(view).toMatchObject({ schema: 's', name: 'v', reads: [{ schema: 's', name: 'a' }] })
  })

  test('PL/pgSQL', () => {
    const text = `CREATE OR REPLACE FUNCTION refresh_totals(p int) RETURNS void AS $$
      BEGIN
        UPDATE totals SET n = (SELECT count(*) FROM items);
        PERFORM audit_it(p);
      END; $$ LANGUAGE plpgsql;`
    const routine = change('create-routine', text, 'postgresql')
    expect(routine.name).toBe('refresh_totals')
    expect(routine.tables.map(table => `${table.name} ${table.op}`).sort()).toEqual([
      'items read',
      'totals write',
    ])
    expect(routine.calls).toContain('audit_it')
  })

  test('MySQL procedure behind DELIMITER', () => {
    const text = `DELIMITER //
CREATE PROCEDURE close_invoice(IN i INT)
BEGIN
  UPDATE invoices SET status = 'closed' WHERE id = i;
  INSERT INTO audit_log (t) SELECT name FROM users;
END //
DELIMITER ;
CREATE TABLE t (a INT);`
    const routine = change('create-routine', text)
    expect(routine.line).toBe(2)
    expect(routine.tables.map(table => `${table.name} ${table.op}`).sort()).toEqual([
      'audit_log write',
      'invoices write',
      'users read',
    ])
    expect(change('create-table', text).line).toBe(8)
  })

  test('trigger with a function', () => {
    const text = 'CREATE TRIGGER x BEFORE UPDATE ON s.items FOR EACH ROW EXECUTE PROCEDURE touch();'
    expect(change('create-trigger', text, 'postgresql')).toMatchObject({
      name: 'x',
      schema: 's',
      table: 'items',
      routine: 'touch',
      tables: [],
    })
  })

  test('trigger with a body', () => {
    const text =
      'CREATE TRIGGER x AFTER INSERT ON items FOR EACH ROW BEGIN INSERT INTO log (a) VALUES (NEW.id); END'
    const trigger = change('create-trigger', text)
    expect(trigger).toMatchObject({ name: 'x', table: 'items', routine: null })
    expect(trigger.tables).toContainEqual({ schema: null, name: 'log', op: 'write' })
  })
})

describe('statements of scripts', () => {
  test.each<[string, string[]]>([
    ['CREATE TABLE t (a INT)', ['1 CREATE TABLE t ddl']],
    ['\n\nALTER TABLE t ADD a INT', ['3 ALTER TABLE t ddl']],
    ['DROP TABLE a, b', ['1 DROP TABLE a ddl', '1 DROP TABLE b ddl']],
    ['CREATE UNIQUE INDEX i ON t (a)', ['1 CREATE INDEX t ddl']],
    ['INSERT INTO a SELECT * FROM b', ['1 INSERT a write, b read']],
    ["UPDATE a SET x = 'DROP TABLE y' WHERE id IN (SELECT id FROM b)", ['1 UPDATE a write, b read']],
    ['DELETE FROM a', ['1 DELETE a write']],
    ['TRUNCATE TABLE a', ['1 TRUNCATE a write']],
    ['CREATE TABLE t AS SELECT * FROM a', ['1 CREATE TABLE t ddl, a read']],
    ['CREATE VIEW v AS SELECT * FROM a', ['1 CREATE VIEW v ddl, a read']],
    ["REPLACE INTO a (table_name) VALUES ('x')", ['1 REPLACE a write']],
    ['BEGIN; COMMIT; SET NAMES utf8; SELECT 1; GRANT SELECT ON a TO b', []],
    ['LOCK TABLES `a` WRITE; INSERT INTO `a` VALUES (1); UNLOCK TABLES', ['1 INSERT a write']],
  ])('%s', (text, expected) => {
    const shown = read(text).statements.filter(item => item.verb !== 'LOCK')
    expect(
      shown.map(
        item =>
          `${item.line} ${item.verb} ${item.tables.map(table => `${table.name} ${table.op}`).join(', ')}`,
      ),
    ).toEqual(expected)
  })

  test('DO block', () => {
    const text = 'DO $$ BEGIN UPDATE a SET x = 1; IF true THEN DELETE FROM b; END IF; END $$;'
    expect(read(text, 'postgresql').statements[0]!.tables.map(table => `${table.name} ${table.op}`)).toEqual([
      'a write',
      'b write',
    ])
  })
})

describe('DDL in blocks', () => {
  test.each<[string, string[]]>([
    [
      'CREATE TABLE a (id INT) CREATE TABLE b (id INT NOT NULL)\nGO\nDROP TABLE a DROP TABLE never',
      ['b(id int!)'],
    ],
    [
      "IF OBJECT_ID('a', 'U') IS NULL BEGIN CREATE TABLE a (id INT) END ELSE BEGIN ALTER TABLE a ADD y INT END",
      ['a(id int, y int)'],
    ],
    [
      'CREATE TABLE p (id INT)\nGO\nBEGIN TRY BEGIN TRAN ALTER TABLE p ADD x INT NULL, y INT NOT NULL COMMIT TRAN END TRY BEGIN CATCH ROLLBACK TRAN END CATCH',
      ['p(id int, x int, y int!)'],
    ],
    ['CREATE PROCEDURE f AS BEGIN CREATE TABLE never (id INT) END', []],
    ["EXEC('CREATE TABLE a (id INT)')", ['a(id int)']],
    [
      "CREATE TABLE a (id INT) EXEC sp_rename 'dbo.a', 'b'\nGO\nALTER TABLE b ADD x INT",
      ['b(id int, x int)'],
    ],
    ["CREATE TABLE a (id INT)\nGO\nEXEC sp_rename 'a', 'b'", ['b(id int)']],
    ["CREATE TABLE a (id INT);\nEXEC sp_rename 'a.id', 'x', 'COLUMN';", ['a(id int)']],
  ])('T-SQL: %s', (text, expected) => expect(tables(text, 'mssql')).toEqual(expected))

  test('a statement put together of what is not known is told, with its line', () => {
    const text = "DO $$\nBEGIN\n  EXECUTE 'ALTER TABLE ' || t || ' ADD x int';\nEND $$;"
    const { changes, diagnostics } = read(text, 'postgresql')
    expect(changes).toEqual([])
    expect(diagnostics).toMatchObject([{ code: 'schema-unknown-name', line: 3 }])
  })

  test('the line of a definition in a body', () => {
    const text =
      'SELECT 1;\nDO $x$\nBEGIN\n  IF true THEN\n    CREATE TABLE a (\n      id int REFERENCES b\n    );\n  END IF;\nEND $x$;'
    expect(change('create-table', text, 'postgresql')).toMatchObject({ line: 5, foreignKeys: [{ line: 6 }] })
  })

  test('a procedure that calls itself', () => {
    const text = 'CREATE PROCEDURE p() BEGIN CALL p(); CREATE TABLE a (id INT); END; CALL p();'
    expect(tables(text)).toEqual(['a(id int)'])
  })
})

describe('a database in the name', () => {
  /** `billing: invoices(id int)`, a set each. */
  const byDatabase = (text: string, dialect: Dialect = 'mssql') =>
    setsOf({ 'migrations/1.sql': text }, dialect).map(
      ({ database, tables: found }) => `${database}: ${found.map(show).join(' ')}`,
    )

  test.each<[string, string[]]>([
    [
      'CREATE TABLE billing.dbo.x (id INT)\nGO\nCREATE TABLE [clinic]..[x] (id INT)\nGO\nCREATE TABLE x (id INT)',
      ['billing: x(id int)', 'clinic: x(id int)', 'null: x(id int)'],
    ],
    [
      'USE billing\nGO\nCREATE TABLE x (id INT)\nGO\nCREATE TABLE clinic.dbo.x (id INT)\nGO\nCREATE TABLE dbo.y (id INT)',
      ['billing: x(id int) y(id int)', 'clinic: x(id int)'],
    ],
    [
      'USE billing;\nGO\nCREATE TABLE x (id INT);\nALTER TABLE billing.dbo.x ADD y INT;\nALTER TABLE clinic.dbo.x ADD z INT;',
      ['billing: x(id int, y int)', 'clinic: '],
    ],
    [
      "CREATE TABLE billing.dbo.x (id INT);\nEXEC billing..sp_rename 'x', 'y';\nDROP TABLE clinic.dbo.y;",
      ['billing: y(id int)', 'clinic: '],
    ],
    [
      'CREATE TABLE billing.dbo.x (id INT REFERENCES billing.dbo.p (id));',
      ['billing: x(id int) fk(id -> dbo.p.id)'],
    ],
  ])('T-SQL: %s', (text, expected) => expect(byDatabase(text)).toEqual(expected))

  test.each<[string, string[]]>([
    [
      'CREATE TABLE MART.CORE.T (id INT); CREATE TABLE RAW.CORE.T CLONE MART.CORE.T',
      ['MART: CORE.T(id int)', 'RAW: CORE.T(id int)'],
    ],
    ['USE DATABASE MART; CREATE TABLE T (id INT);', ['MART: T(id int)']],
    [
      'USE SCHEMA MART.CORE; CREATE TABLE T (id INT); ALTER TABLE CORE.T ADD x INT',
      ['MART: CORE.T(id int, x int)'],
    ],
  ])('Snowflake: %s', (text, expected) => expect(byDatabase(text, 'snowflake')).toEqual(expected))

  test.each<[string, string[]]>([
    [
      'CREATE TABLE `my-project.ds.t` (id INT64); ALTER TABLE `my-project`.ds.t ADD COLUMN x INT64',
      ['my-project: ds.t(id int64, x int64)'],
    ],
    ['CREATE TABLE my-project-1.ds.t (id INT64)', ['my-project-1: ds.t(id int64)']],
    ['CREATE TABLE `${PROJECT}.ds.t` (id INT64)', ['null: ds.t(id int64)']],
  ])('BigQuery: %s', (text, expected) => expect(byDatabase(text, 'bigquery')).toEqual(expected))

  test('a view and a synonym read what they name in another database', () => {
    const text =
      'CREATE SYNONYM dbo.bills FOR [linked].billing.dbo.invoices;\nGO\nCREATE VIEW v AS SELECT * FROM billing..invoices;'
    expect(read(text, 'mssql').changes).toMatchObject([
      {
        kind: 'create-view',
        name: 'bills',
        reads: [{ database: 'billing@linked', schema: 'dbo', name: 'invoices' }],
      },
      { kind: 'create-view', name: 'v', reads: [{ database: 'billing', schema: null, name: 'invoices' }] },
    ])
    expect(tables(`${text}\nGO\nDROP SYNONYM bills`, 'mssql')).toEqual(['v = view of invoices'])
  })
})
