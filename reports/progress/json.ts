import { jsonBySchema } from '../text/by-schema.js'
import type { ProgressReport } from './report.js'

/** All numbers: the properties of `progress.schema.json`, in its order. */
export const report: ProgressReport = { render: progress => jsonBySchema(progress, 'progress') }
