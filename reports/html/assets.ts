/**
 * The page's script and style. From the sources they are bundled here; the build puts the finished text in place of
 * this module (see `rolldown.config.mjs`).
 */
import { bundlePage } from './bundle-page.mjs'

export const { script, style } = await bundlePage()
