import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { loadWorkspace } from '../../analyzers/workspace/index.js'
import type { ReadFile, Workspace } from '../../analyzers/workspace/types.js'

/** Files by path; an object is written as JSON. */
export type Tree = Record<string, string | Buffer | object>

/** A temporary folder with these files, gone when the test ends. */
export function makeTree(files: Tree): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'seamripper-')))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  for (const [path, content] of Object.entries(files)) {
    const isBytes = typeof content === 'string' || Buffer.isBuffer(content)
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), isBytes ? content : JSON.stringify(content, null, 2))
  }
  return root
}

export async function load(files: Tree): Promise<{ root: string; workspace: Workspace; read: ReadFile }> {
  const root = makeTree(files)
  return { root, ...(await loadWorkspace(root)) }
}

/** `kind name path` of each service and library, in order. */
export function serviceLines(workspace: Workspace): string[] {
  return workspace.services.map(({ kind, name, path }) => `${kind} ${name} ${path}`)
}

/** Source text of a program that waits for requests. */
export const server = 'import express from "express"\nconst app = express()\napp.listen(3000)\n'
export const code = 'export const answer = 42\n'
