/** Runs the shell steps of workflows as GitHub and GitLab run them, with stand-ins for the programs they start. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { TOOL } from '../cli/run.js'

export interface Step {
  name?: string
  uses?: string
  shell?: string
  env?: Record<string, string>
  run?: string
  with?: Record<string, unknown>
}

const project = fileURLToPath(new URL('../..', import.meta.url))

function text(path: string): string {
  return readFileSync(join(project, path), 'utf8')
}

export function yaml(path: string) {
  return parse(text(path))
}

/** The steps of an action, or of the only job of a workflow. */
export function stepsOf(path: string): Step[] {
  const { runs, jobs } = yaml(path)
  return runs ? runs.steps : (Object.values(jobs)[0] as { steps: Step[] }).steps
}

const SHELL_WORDS = TOOL.map(word => `'${word}'`).join(' ')

/** `npx` that notes what it was asked for and runs the tool. */
const NPX = `#!/bin/bash
printf '%s\\n' "$*" >> "$STAND_IN_LOG"
while [[ "$1" == --* ]]; do shift; done
shift
exec '${process.execPath}' ${SHELL_WORDS} "$@"
`

/** `npm` that notes what it was asked for, and leaves in the folder what building the tool leaves there. */
const NPM = `#!/bin/bash
printf 'npm %s\\n' "$*" >> "$STAND_IN_LOG"
mkdir -p dist/bin
printf 'console.log(JSON.stringify(process.argv.slice(2)))' > dist/bin/seamripper.js
echo 'added 611 packages'
`

/** `gh api`: notes each call with the body it sends, and answers from a file through the filter it is given. */
const GH = `#!/bin/bash
printf 'gh %s\\n' "$*" >> "$STAND_IN_LOG"
while [ $# -gt 0 ]; do
  case "$1" in
    --jq) jq -r "$2" "$STAND_IN_COMMENTS"; shift ;;
    body=@*) head -n 1 "\${1#body=@}" >> "$STAND_IN_LOG" ;;
  esac
  shift
done
`

/** A folder of programs that go before those of the system, and the file where they note their calls. */
export class StandIns {
  readonly folder = mkdtempSync(join(tmpdir(), 'seamripper-steps-'))
  private readonly file = join(this.folder, 'log')
  private readonly comments = join(this.folder, 'comments.json')

  constructor(comments: unknown[] = []) {
    mkdirSync(join(this.folder, 'bin'))
    writeFileSync(join(this.folder, 'bin/npx'), NPX, { mode: 0o755 })
    writeFileSync(join(this.folder, 'bin/npm'), NPM, { mode: 0o755 })
    writeFileSync(join(this.folder, 'bin/gh'), GH, { mode: 0o755 })
    writeFileSync(this.file, '')
    writeFileSync(this.comments, JSON.stringify(comments))
  }

  get calls(): string[] {
    return readFileSync(this.file, 'utf8').trimEnd().split('\n')
  }

  env(): NodeJS.ProcessEnv {
    const { NO_COLOR: _, FORCE_COLOR: __, GITHUB_STEP_SUMMARY: ___, ...inherited } = process.env
    return {
      ...inherited,
      PATH: [join(this.folder, 'bin'), process.env.PATH].join(delimiter),
      STAND_IN_LOG: this.file,
      STAND_IN_COMMENTS: this.comments,
    }
  }

  /**
   * Runs a step.
   *
   * @param values what GitHub would put for `${{ name }}` in `env`
   */
  run(step: Step, cwd: string, values: Record<string, string>, more: Record<string, string> = {}) {
    const env = Object.fromEntries(
      Object.entries(step.env ?? {}).map(([name, value]) => [
        name,
        value.replace(/\$\{\{ *(.*?) *\}\}/g, (_, expression: string) => {
          const known = values[expression]
          if (known === undefined) throw new Error(`No value for ${expression}`)
          return known
        }),
      ]),
    )
    return this.bash(step.run!, cwd, step.shell === 'bash' ? ['-eo', 'pipefail'] : ['-e'], {
      ...env,
      ...more,
    })
  }

  bash(script: string, cwd: string, flags: string[], env: Record<string, string> = {}) {
    const file = join(this.folder, 'step.sh')
    writeFileSync(file, script)
    const { status, stdout, stderr } = spawnSync('bash', ['--noprofile', '--norc', ...flags, file], {
      cwd,
      env: { ...this.env(), ...env },
      encoding: 'utf8',
    })
    return { status, stdout, stderr }
  }
}
