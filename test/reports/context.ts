import type { ReportContext } from '../../reports/report.js'

/** What reports get where a test does not care. */
export function context(more: Partial<ReportContext> = {}): ReportContext {
  return {
    program: 'seamripper',
    root: '.',
    linkTemplate: '{file}#L{line}',
    states: null,
    outlook: null,
    width: 100,
    colour: false,
    top: 10,
    ...more,
  }
}
