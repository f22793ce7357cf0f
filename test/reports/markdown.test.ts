import MarkdownIt from 'markdown-it'
import { describe, expect, test } from 'vitest'
import { report } from '../../reports/markdown/index.js'
import { flowchart } from '../../reports/mermaid.js'
import { code, placeLink, text } from '../../reports/text/markdown.js'
import { plain } from '../../reports/text/plain.js'
import { context } from './context.js'
import { emptyMap, HOSTILE, hostileMap, largeMap, sampleMap } from './sample-map.js'

// As GitHub: tables, raw HTML, and bare addresses as links.
const markdown = new MarkdownIt({ html: true, linkify: true })

/** All inline and block tokens of a document, flat. */
function tokens(source: string) {
  return markdown.parse(source, {}).flatMap(token => [token, ...(token.children ?? [])])
}

/** What a reader sees of inline Markdown. */
function shown(source: string): string {
  return tokens(source)
    .filter(token => token.type === 'text' || token.type === 'code_inline' || token.type === 'text_special')
    .map(token => token.content)
    .join('')
}

test('the sample, as a document', async () => {
  await expect(report.render(sampleMap(), context())).toMatchFileSnapshot('expected/map.md.txt')
})

test('links lead from the folder of the output to the files', () => {
  const links = (linkTemplate: string) =>
    tokens(report.render(sampleMap(), context({ linkTemplate })))
      .filter(token => token.type === 'link_open')
      .map(token => token.attrGet('href'))
  expect(links('{file}#L{line}')).toContain('microservices/billing-service/src/invoices.ts#L40')
  expect(links('../{file}#L{line}')).toContain('../microservices/billing-service/src/invoices.ts#L40')
})

test('an empty map is a short document', () => {
  expect(report.render(emptyMap(), context())).toContain('No service reaches into the tables of another')
})

/** What stands in the rows of the table below a heading, its own one not. */
function rowsBelow(heading: string, source: string): string[] {
  const lines = source.slice(source.indexOf(`\n${heading}\n`)).split('\n')
  const first = lines.findIndex(line => line.startsWith('| ---')) + 1
  return lines.slice(
    first,
    lines.findIndex((line, at) => at >= first && !line.startsWith('|')),
  )
}

test('whoever reaches into others most stands first', () => {
  const source = report.render(sampleMap(), context())
  const services = [...source.matchAll(/^### `(.*)`$/gm)].map(([, name]) => name)
  expect(services.slice(0, 6)).toEqual([
    'billing-service',
    'main-nilecare',
    'lab-service',
    'payment-gateway-service',
    'clinical',
    'auth-service',
  ])
  expect(rowsBelow('## Who reaches into whom', source).map(row => row.split(' | ')[0])).toEqual([
    '| `billing-service`',
    '| `main-nilecare`',
    '| `lab-service`',
    '| `payment-gateway-service`',
  ])
  expect(source).toContain('|  | `clinical` | `billing-service` | `auth-service` |')
})

test('a document that GitHub would not show is cut, and says so', () => {
  const small = report.render(largeMap(5), context())
  expect(small).not.toContain('Lists end')
  expect(small).not.toContain(' more.')
  const large = report.render(largeMap(80), context())
  expect(Buffer.byteLength(large)).toBeLessThanOrEqual(500_000)
  const most = Number(/Lists end after (\d+) rows, so that GitHub shows the document/.exec(large)?.[1])
  expect(rowsBelow('### `service-000`', large)).toHaveLength(most)
  expect(large).toContain(`\n\n… and ${79 - most} more.\n`)
})

test('holds the diagram of the mermaid report', () => {
  const fence = tokens(report.render(largeMap(5), context())).find(token => token.type === 'fence')
  expect([fence?.info, fence?.content]).toEqual(['mermaid', flowchart(largeMap(5))])
})

describe('inline text shows what it was given', () => {
  test.each(HOSTILE.map(name => [name]))('%j as text', name => {
    expect(shown(text(`x ${name} y`)).replace(/ +/g, ' ')).toBe(plain(`x ${name} y`).replace(/ +/g, ' '))
  })

  test.each(HOSTILE.filter(name => plain(name).trim() !== '').map(name => [name]))('%j as code', name => {
    expect(shown(`x ${code(name)} y`)).toBe(`x ${plain(name)} y`)
  })

  test.each(HOSTILE.filter(name => plain(name).trim() !== '').map(name => [name]))('%j as a place', name => {
    const source = placeLink({ file: name, line: 3 }, '{file}#L{line}')
    const links = tokens(source).filter(token => token.type === 'link_open')
    expect(links).toHaveLength(1)
    const [path, fragment] = String(links[0]!.attrGet('href')).split('#')
    expect(fragment).toBe('L3')
    expect(decodeURIComponent(path!)).toBe(name.replace(/\p{Cs}/gu, '\ufffd'))
    expect(shown(source)).toBe(`${plain(name)}:3`)
  })
})

describe('a document of hostile names', () => {
  const source = report.render(hostileMap(), context())
  const all = tokens(source)

  test('has no HTML but code elements', () => {
    const html = all.filter(token => token.type === 'html_inline' || token.type === 'html_block')
    expect([...new Set(html.map(token => token.content))].sort()).toEqual(['</code>', '<code>'])
  })

  test('has no image, no emphasis, no bare link', () => {
    const kinds = new Set(all.map(token => token.type))
    for (const kind of ['image', 'em_open', 's_open']) expect(kinds).not.toContain(kind)
    expect(all.filter(token => token.markup === 'linkify')).toEqual([])
  })

  test('links to files of the repository only', () => {
    for (const token of all.filter(each => each.type === 'link_open')) {
      expect(token.attrGet('href')).toMatch(/^[\w%.~/-]*#L\d+$/)
    }
  })

  test('has its own headings only', () => {
    const headings = source.split('\n').filter(line => /^#{1,2} /.test(line))
    expect(headings).toEqual([
      '# Dependency map',
      '## Overview',
      '## Diagram',
      '## Who reaches into whom',
      '## Order of separation',
      '## Services',
      '## Tables and their owners',
      '## Cross-service joins',
      '## Cross-service transactions',
      '## Cross-service foreign keys',
      "## Migrations that touch other services' tables",
      '## Files that nothing is seen to run',
      '## Unresolved',
      '## Diagnostics',
    ])
    expect(all.filter(token => token.type === 'heading_open' && token.tag < 'h3')).toHaveLength(
      headings.length,
    )
  })

  test('has as many cells in each row as in its heading', () => {
    const rows = source.split('\n').filter(line => line.startsWith('|'))
    let cells = 0
    for (const [index, row] of rows.entries()) {
      if (/^\|( --- \|)+$/.test(rows[index + 1] ?? '')) cells = row.split('|').length
      expect(row.split('|').length, row).toBe(cells)
    }
  })
})
