#!/usr/bin/env node
/**
 * Precision and recall of a map against hand-written labels, on (file, line, table, op).
 *
 *   node test/accuracy/score.mjs test/accuracy/labels/crowd-dev.json ../crowd.dev [--verbose]
 *
 * Labels and their rules are described in docs/accuracy.md. Only the labelled files count, and of a file with `ranges`
 * only those lines. An access of the tool
 * matches a label when it is in the same file and the label's line lies within the call, so that a chain broken over
 * lines is one place; a statement that is prepared in one place and run in another may be told at either
 * (`preparedLine`). `optional` pairs count neither way; places listed as unresolved are left out of both figures.
 */
import { readFileSync } from 'node:fs'
import { analyze } from '../../dist/analyzers/index.js'

const [labelFile, root, ...flags] = process.argv.slice(2)
if (!root) {
  console.error('usage: score.mjs LABELS.json CHECKOUT [--verbose]')
  process.exit(2)
}
const verbose = flags.includes('--verbose')
const labels = JSON.parse(readFileSync(labelFile, 'utf8'))
const map = await analyze({ root })
const files = new Set(labels.files)
const bare = name =>
  name
    .replace(/["`[\]]/g, '')
    .split('.')
    .at(-1)
    .toLowerCase()
const skipped = new Set(labels.unresolved.map(({ file, line }) => `${file}:${line}`))

/** (file, line, table, op) rows of the labels, required and optional. */
const required = new Map()
const optional = new Set()
for (const access of labels.accesses) {
  for (const [table, op] of access.tables) {
    required.set(`${access.file}:${access.line} ${op} ${bare(table)}`, access)
  }
  for (const [table, op] of access.optional ?? [])
    optional.add(`${access.file}:${access.line} ${op} ${bare(table)}`)
}
const labelledLines = new Map()
/** Place of a `prepare` -> lines at which that statement is run. */
const runs = new Map()
for (const { file, line, preparedLine } of labels.accesses) {
  labelledLines.set(file, [...(labelledLines.get(file) ?? []), line])
  if (preparedLine === undefined) continue
  const place = `${file}:${preparedLine}`
  runs.set(place, [...(runs.get(place) ?? []), line])
}

const found = new Map()
for (const access of map.accesses) {
  if (!files.has(access.file) || skipped.has(`${access.file}:${access.line}`)) continue
  const range = labels.ranges?.[access.file]
  if (range && (access.line < range[0] || access.line > range[1])) continue
  const lines = labelledLines.get(access.file) ?? []
  const line = lines.includes(access.line)
    ? access.line
    : (lines.find(each => each > access.line && each <= access.endLine) ?? access.line)
  for (const table of access.tables) {
    if (table.via !== undefined) continue
    for (const place of runs.get(`${access.file}:${access.line}`) ?? [line]) {
      const row = `${access.file}:${place} ${table.op} ${bare(table.table)}`
      if (!optional.has(row) || required.has(row)) found.set(row, access)
    }
  }
}
const missed = [...required.keys()].filter(row => !found.has(row))
const extra = [...found.keys()].filter(row => !required.has(row))
const right = required.size - missed.length
const precision = right / (found.size || 1)
const recall = right / (required.size || 1)
if (verbose) {
  for (const row of missed) console.log(`missed  ${row}`)
  for (const row of extra)
    console.log(`extra   ${row}   ${(found.get(row).sql ?? '').replace(/\s+/g, ' ').slice(0, 100)}`)
}
const f1 = (2 * precision * recall) / (precision + recall || 1)
console.log(
  `${labels.repository}: ${labels.accesses.length} statements, ${required.size} rows; ` +
    `precision ${precision.toFixed(4)} (${extra.length} extra), recall ${recall.toFixed(4)} (${missed.length} missed), F1 ${f1.toFixed(4)}`,
)
