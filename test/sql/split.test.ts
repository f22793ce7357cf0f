import { describe, expect, test } from 'vitest'
import type { Dialect } from '../../analyzers/model.js'
import { splitScript } from '../../analyzers/sql/split.js'

type Case = [name: string, dialect: Dialect, script: string, statements: string[]]

// biome-ignore format: one case a line
const cases: Case[] = [
  ['one', 'postgresql', 'select 1', ['select 1']],
  ['two', 'postgresql', 'select 1; select 2;', ['select 1', 'select 2']],
  ['empty statements', 'postgresql', ';;select 1;;', ['select 1']],
  ['nothing', 'postgresql', '  \n-- only a comment\n', []],
  ['semicolon in a string', 'mysql', "insert into t values ('a;b'); select 1", ["insert into t values ('a;b')", 'select 1']],
  ['doubled quote', 'postgresql', "select 'it''s;'; select 2", ["select 'it''s;'", 'select 2']],
  ['backslash quote, mysql', 'mysql', "select 'it\\'s;'; select 2", ["select 'it\\'s;'", 'select 2']],
  ['backslash, postgres', 'postgresql', "select 'a\\'; select 2", ["select 'a\\'", 'select 2']],
  ['E string', 'postgresql', "select E'it\\'s;'; select 2", ["select E'it\\'s;'", 'select 2']],
  ['dollar quotes', 'postgresql', 'do $$ begin; x; end $$; select 2', ['do $$ begin; x; end $$', 'select 2']],
  ['tagged dollar quotes', 'postgresql', 'do $a$ $$;$$ $a$; select 2', ['do $a$ $$;$$ $a$', 'select 2']],
  ['parameters are no dollar quotes', 'postgresql', 'select $1; select $2', ['select $1', 'select $2']],
  ['backticks', 'mysql', 'select `a;b`; select 2', ['select `a;b`', 'select 2']],
  ['brackets', 'mssql', 'select [a;b]; select 2', ['select [a;b]', 'select 2']],
  ['quoted name', 'postgresql', 'select "a;b"; select 2', ['select "a;b"', 'select 2']],
  ['comment with semicolon', 'postgresql', 'select 1 -- a;b\n; select 2', ['select 1', 'select 2']],
  ['comment with quote', 'postgresql', "-- don't\nselect 1; select 2", ["-- don't\nselect 1", 'select 2']],
  ['hash comment', 'mysql', "select 1 # don't; do\n; select 2", ['select 1', 'select 2']],
  ['hash is an operator in postgres', 'postgresql', "select a#>>'{b}'; select 2", ["select a#>>'{b}'", 'select 2']],
  ['nested comment', 'postgresql', 'select /* a /* ; */ ; */ 1; select 2', ['select /* a /* ; */ ; */ 1', 'select 2']],
  ['no nesting in mysql', 'mysql', 'select /* a /* ; */ 1; select 2', ['select /* a /* ; */ 1', 'select 2']],
  ['version comment', 'mysql', '/*!40101 SET NAMES utf8 */; select 2', ['/*!40101 SET NAMES utf8 */', 'select 2']],
  ['dashes without space are minus in mysql', 'mysql', 'select 1--1; select 2', ['select 1--1', 'select 2']],
  ['trailing comment stays with its statement', 'postgresql', 'select 1; -- one\n-- two\nselect 2', ['select 1', '-- two\nselect 2']],
  [
    'DELIMITER',
    'mysql',
    'DELIMITER //\nCREATE PROCEDURE p()\nBEGIN\n  SELECT 1;\n  SELECT 2;\nEND//\nDELIMITER ;\nSELECT 3;',
    ['CREATE PROCEDURE p()\nBEGIN\n  SELECT 1;\n  SELECT 2;\nEND', 'SELECT 3'],
  ],
  ['DELIMITER $$ against a word', 'mysql', 'delimiter $$\nCREATE PROCEDURE p() BEGIN SELECT 1; END$$\ndelimiter ;\nSELECT 3', ['CREATE PROCEDURE p() BEGIN SELECT 1; END', 'SELECT 3']],
  ['DELIMITER ;;', 'mysql', 'DELIMITER ;;\nCREATE TRIGGER a BEFORE INSERT ON t FOR EACH ROW BEGIN SET NEW.a = 1; END;;\nDELIMITER ;\nSELECT 1', ['CREATE TRIGGER a BEFORE INSERT ON t FOR EACH ROW BEGIN SET NEW.a = 1; END', 'SELECT 1']],
  ['body without DELIMITER', 'mysql', 'CREATE PROCEDURE p() BEGIN SELECT 1; IF a THEN SELECT 2; END IF; END; SELECT 3', ['CREATE PROCEDURE p() BEGIN SELECT 1; IF a THEN SELECT 2; END IF; END', 'SELECT 3']],
  ['nested blocks', 'mysql', 'CREATE DEFINER=`r`@`%` PROCEDURE p() BEGIN BEGIN SELECT 1; END; CASE a WHEN 1 THEN SELECT 1; END CASE; SELECT CASE WHEN 1 THEN 2 END; END; SELECT 3', ['CREATE DEFINER=`r`@`%` PROCEDURE p() BEGIN BEGIN SELECT 1; END; CASE a WHEN 1 THEN SELECT 1; END CASE; SELECT CASE WHEN 1 THEN 2 END; END', 'SELECT 3']],
  ['loops', 'mysql', 'CREATE PROCEDURE p() BEGIN l: LOOP LEAVE l; END LOOP l; WHILE a DO SET a = 1; END WHILE; REPEAT SET a = 2; UNTIL a END REPEAT; END; SELECT 3', ['CREATE PROCEDURE p() BEGIN l: LOOP LEAVE l; END LOOP l; WHILE a DO SET a = 1; END WHILE; REPEAT SET a = 2; UNTIL a END REPEAT; END', 'SELECT 3']],
  ['sqlite trigger', 'sqlite', 'CREATE TRIGGER a AFTER UPDATE ON t BEGIN UPDATE u SET x = 1; DELETE FROM v; END; SELECT 1', ['CREATE TRIGGER a AFTER UPDATE ON t BEGIN UPDATE u SET x = 1; DELETE FROM v; END', 'SELECT 1']],
  ['BEGIN ATOMIC', 'postgresql', 'CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END; SELECT 3', ['CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END', 'SELECT 3']],
  ['transaction', 'postgresql', 'BEGIN; INSERT INTO t VALUES (1); COMMIT;', ['BEGIN', 'INSERT INTO t VALUES (1)', 'COMMIT']],
  ['transaction, T-SQL', 'mssql', 'BEGIN TRAN; UPDATE t SET a = 1; COMMIT TRAN', ['BEGIN TRAN', 'UPDATE t SET a = 1', 'COMMIT TRAN']],
  ['block, T-SQL', 'mssql', 'IF 1=1 BEGIN UPDATE t SET a = 1; DELETE FROM u; END; SELECT 1', ['IF 1=1 BEGIN UPDATE t SET a = 1; DELETE FROM u; END', 'SELECT 1']],
  ['GO', 'mssql', 'CREATE TABLE a (b int)\nGO\nCREATE TABLE c (d int)\ngo 5\nSELECT 1', ['CREATE TABLE a (b int)', 'CREATE TABLE c (d int)', 'SELECT 1']],
  ['procedure up to GO', 'mssql', 'CREATE PROC p AS SELECT 1; SELECT 2;\nGO\nSELECT 3', ['CREATE PROC p AS SELECT 1; SELECT 2;', 'SELECT 3']],
  ['meta commands', 'postgresql', '\\connect db\nselect 1;\n\\echo done; ok\nselect 2;', ['select 1', 'select 2']],
  ['dot commands', 'sqlite', '.mode csv\nselect 1;', ['select 1']],
  ['rows after COPY', 'postgresql', 'COPY t (a) FROM stdin;\n1;2\n\\.\n\nselect 2;', ['COPY t (a) FROM stdin', 'select 2']],
  ['COPY without rows', 'postgresql', 'COPY t (a) FROM stdin; select 2;', ['COPY t (a) FROM stdin', 'select 2']],
  ['rule', 'postgresql', 'CREATE RULE r AS ON INSERT TO t DO ALSO (INSERT INTO u VALUES (1); DELETE FROM v); select 2', ['CREATE RULE r AS ON INSERT TO t DO ALSO (INSERT INTO u VALUES (1); DELETE FROM v)', 'select 2']],
  ['a BEGIN without END does not eat the script', 'mysql', 'CREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; SELECT 3', ['CREATE PROCEDURE p() BEGIN SELECT 1', 'SELECT 2', 'SELECT 3']],
  ['quote not closed', 'postgresql', "select 1; select 'a; select 2", ['select 1', "select 'a; select 2"]],
  ['comment not closed', 'postgresql', 'select 1; select /* a; select 2', ['select 1', 'select']],
  ['a column named begin', 'mysql', 'CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW SET NEW.begin = 1; SELECT 2', ['CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW SET NEW.begin = 1', 'SELECT 2']],
]

describe('splitScript', () => {
  test.each(cases)('%s (%s)', (_name, dialect, script, expected) => {
    const statements = splitScript(script, dialect)
    expect(statements.map(statement => statement.text)).toEqual(expected)
    for (const { text, offset } of statements) expect(script.slice(offset, offset + text.length)).toBe(text)
  })

  test('line is that of the first token, comments before it belong to the text', () => {
    const script = 'select 1;\n\n-- about two\n/* more */\nselect 2;\nselect\n3'
    expect(splitScript(script, 'postgresql').map(({ line, offset }) => [line, offset])).toEqual([
      [1, 0],
      [5, 11],
      [6, 45],
    ])
  })
})
