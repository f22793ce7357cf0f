import { expect, test } from 'vitest'
import { code, load, server, type Tree } from './tree.js'

/** A service in TypeScript, beside which the others stand. */
const api: Tree = {
  'services/api/package.json': { name: 'api', scripts: { start: 'node src/index.js' } },
  'services/api/src/index.ts': server,
}
const python = 'FROM python:3.12-slim\nCOPY . .\nCMD ["python", "main.py"]\n'
const composeOf = (build: string) =>
  `services:\n  db:\n    image: postgres\n  ranking:\n    build: ${build}\n`

/** `folder language place` */
async function told(files: Tree): Promise<string[]> {
  const { workspace } = await load({ ...api, ...files })
  return workspace.diagnostics
    .filter(({ code }) => code === 'other-language')
    .map(({ message, file, line }) => {
      const [, folder, language] = /^(\S+) is a program in (\S+), /.exec(message)!
      return `${folder} ${language} ${file}:${line}`
    })
}

test.each<[title: string, files: Tree, expected: string[]]>([
  [
    'compose builds it',
    {
      'docker-compose.yml': composeOf('./services/ranking'),
      'services/ranking/Dockerfile': python,
      'services/ranking/app/main.py': '',
    },
    ['services/ranking Python docker-compose.yml:4'],
  ],
  [
    'a Dockerfile of its own',
    { 'services/ranking/Dockerfile': python, 'services/ranking/main.py': '' },
    ['services/ranking Python services/ranking/Dockerfile:1'],
  ],
  [
    'built by commands, from a small image in the end',
    {
      'tools/feed/Dockerfile':
        'FROM alpine AS build\nRUN apk add go git \\\n  && go build -o /feed .\nFROM scratch\nCOPY --from=build /feed /feed\n',
      'tools/feed/cmd/main.go': '',
    },
    ['tools/feed Go tools/feed/Dockerfile:1'],
  ],
  [
    'most of its sources tell the language',
    {
      'billing/Dockerfile': 'FROM maven:3 AS build\nFROM eclipse-temurin:21-jre\n',
      'billing/src/main/java/A.java': '',
      'billing/src/main/kotlin/B.kt': '',
      'billing/src/main/kotlin/C.kt': '',
      'billing/scripts/load.py': '',
    },
    ['billing Kotlin billing/Dockerfile:1'],
  ],
  [
    'a Dockerfile elsewhere, that compose names',
    {
      'docker-compose.yml': composeOf(
        '{ context: services/ranking, dockerfile: ../../docker/py.Dockerfile }',
      ),
      'docker/py.Dockerfile': python,
      'services/ranking/main.py': '',
    },
    ['services/ranking Python docker-compose.yml:4'],
  ],
  [
    'a context around several programs is none',
    {
      'docker-compose.yml':
        'services:\n  a:\n    build: { context: ./backend, dockerfile: a/Dockerfile }\n  b:\n    build: { context: ./backend, dockerfile: b/Dockerfile }\n',
      'backend/a/Dockerfile': 'FROM golang:1.22\n',
      'backend/a/main.go': '',
      'backend/b/Dockerfile': 'FROM golang:1.22\n',
      'backend/b/main.go': '',
      'backend/common/log.go': '',
    },
    ['backend/a Go docker-compose.yml:2', 'backend/b Go docker-compose.yml:4'],
  ],
  [
    'inside a service of TypeScript, with an image of its own',
    { 'services/api/worker/Dockerfile': python, 'services/api/worker/main.py': '' },
    ['services/api/worker Python services/api/worker/Dockerfile:1'],
  ],
  ['scripts without an image', { 'scripts/load.py': '', 'scripts/requirements.txt': 'psycopg2\n' }, []],
  [
    'scripts in a service, whose image has Python to build with',
    {
      'services/api/Dockerfile': 'FROM node:20\nRUN apk add python3 make g++\nCMD ["node", "src/index.js"]\n',
      'services/api/scripts/load.py': '',
    },
    [],
  ],
  [
    'a script in the folder of an image that has Python to build with',
    {
      'docker/base/Dockerfile': 'FROM node:20\n# python\nRUN apk add python3 make g++\n',
      'docker/base/wait.py': '',
    },
    [],
  ],
  ['an image without sources', { 'docker/proxy/Dockerfile': python, 'docker/proxy/run.sh': '' }, []],
  ['the image of the root', { Dockerfile: python, 'scripts/load.py': '' }, []],
  ['an example', { 'examples/ml/Dockerfile': python, 'examples/ml/main.py': '' }, []],
  [
    'what only tests start',
    {
      'docker-compose.test.yml': composeOf('./mocks'),
      'mocks/Dockerfile': python,
      'mocks/tests/main.py': '',
    },
    [],
  ],
  [
    'ignored, excluded',
    {
      '.gitignore': 'old/\n',
      'seamripper.yml': 'exclude: [legacy/]\n',
      'old/Dockerfile': python,
      'old/main.py': '',
      'legacy/Dockerfile': python,
      'legacy/main.py': '',
    },
    [],
  ],
  [
    'named in the config: its tables can be told',
    {
      'seamripper.yml': 'services:\n  ranking: { path: services/ranking }\nowners:\n  shop/scores: ranking\n',
      'services/ranking/Dockerfile': python,
      'services/ranking/main.py': '',
    },
    [],
  ],
  [
    'TypeScript of its own: it is a service, which is read',
    {
      'services/ranking/Dockerfile': python,
      'services/ranking/main.py': '',
      'services/ranking/index.ts': code,
    },
    [],
  ],
])('%s', async (_, files, expected) => {
  expect(await told(files)).toEqual(expected)
})

test('what it says', async () => {
  const { workspace } = await load({
    ...api,
    'docker-compose.yml': composeOf('./services/ranking'),
    'services/ranking/Dockerfile': python,
    'services/ranking/main.py': '',
  })
  expect(workspace.diagnostics).toEqual([
    {
      severity: 'info',
      code: 'other-language',
      message:
        'services/ranking is a program in Python, which is not read (compose builds it as ranking): its uses of tables are ' +
        'missing from the map, and another service may look like the only one that writes them. If it owns tables, name it ' +
        'in seamripper.yml (services.ranking.path: services/ranking), and each of them under owners',
      file: 'docker-compose.yml',
      line: 4,
    },
  ])
})
