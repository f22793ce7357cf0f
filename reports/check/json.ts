import { jsonBySchema } from '../text/by-schema.js'
import type { CheckReport } from './report.js'

/** The whole result: the properties of `check.schema.json`, in its order. */
export const report: CheckReport = { render: result => jsonBySchema(result, 'check') }
