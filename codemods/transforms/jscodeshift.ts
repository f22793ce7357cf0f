/**
 * The lift as a transform for the jscodeshift CLI:
 *
 *     seamripper rewrite --plan --format json > plan.json
 *     jscodeshift -t node_modules/seamripper/dist/transforms/lift.js --plan=plan.json --root=. src/invoices.ts
 */
import { readFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import type { RewritePlan } from '../plan/plan.js'
import { liftCalls } from './lift.js'

interface File {
  path: string
  source: string
}

interface Options {
  /** Plan as JSON prints it. */
  plan?: string
  /** Folder that the paths of the plan are relative to; the current one if absent. */
  root?: string
}

const plans = new Map<string, RewritePlan>()

export default function transform(file: File, _api: unknown, options: Options): string | undefined {
  if (options.plan === undefined) throw new Error('Give the plan: --plan=plan.json')
  let plan = plans.get(options.plan)
  if (!plan) {
    plan = JSON.parse(readFileSync(options.plan, 'utf8')) as RewritePlan
    plans.set(options.plan, plan)
  }
  const path = relative(resolve(options.root ?? '.'), resolve(file.path)).replaceAll('\\', '/')
  const edits = plan.accesses.flatMap(access => (access.file === path && access.edit ? [access.edit] : []))
  const text = liftCalls(path, file.source, edits)
  return text === file.source ? undefined : text
}
