import type { Report } from './report.js'
import { jsonBySchema } from './text/by-schema.js'

/** The contract, exactly: the properties of `map.schema.json`, in its order. */
export const report: Report = { render: map => jsonBySchema(map, 'map') }
