import picocolors from 'picocolors'
import type { ReportContext } from '../report.js'
import { number } from '../text/words.js'
import { columns, type Row } from './columns.js'

/** Functions that colour text, or leave it as it is. */
export type Colours = ReturnType<typeof picocolors.createColors>

/** What the terminal reports need to lay text out. */
export interface Screen {
  width: number
  /** Rows a section. */
  top: number
  colours: Colours
  /** How to see all of so many rows. */
  seeAll: (rows: number) => string
}

/** The screen that a context asks for. */
export function screenOf(
  { width, top, colour }: Pick<ReportContext, 'width' | 'top' | 'colour'>,
  seeAll: Screen['seeAll'],
): Screen {
  return { width, top, colours: picocolors.createColors(colour), seeAll }
}

/**
 * A titled table, with the number of its rows: at most `screen.top` of them, the others counted. Nothing at all if there are no rows.
 *
 * @param headings one a column, or none
 */
export function section(title: string, headings: string[], rows: Row[], screen: Screen): string[] {
  if (rows.length === 0) return []
  const { bold, dim } = screen.colours
  const hidden = rows.length - screen.top
  const heading = headings.map((text, index) => ({ ...rows[0]![index]!, text, paint: dim, place: undefined }))
  return [
    '',
    bold(rows.length > 1 ? `${title} (${number(rows.length)})` : title),
    ...columns(rows.slice(0, screen.top), screen.width, headings.length > 0 ? (heading as Row) : undefined),
    ...(hidden > 0 ? [dim(`  … ${number(hidden)} more (${screen.seeAll(rows.length)})`)] : []),
  ]
}
