import { arrowHeads, describeBoard } from '../board/draw.js'
import { BOARD_SHAPES, boardStyle, themeVariables } from '../board/theme.js'
import { plain } from '../text/plain.js'
import { xml } from '../text/xml.js'
import { script, style } from './assets.js'
import { drawCards } from './draw-cards.js'
import type { PageData } from './page-data.js'
import { sourceHash } from './source-hash.js'

/**
 * The page as one file. Its policy lets nothing in: no request, no script or style but its own, and no text may
 * become markup, in the script neither.
 *
 * @param name of the folder that was analysed
 */
export function htmlDocument(data: PageData, name: string): string {
  const css = `${themeVariables()}${BOARD_SHAPES}${boardStyle(name => `var(--${name})`)}${style}`
  const policy = [
    "default-src 'none'",
    `script-src '${sourceHash(script)}'`,
    `style-src '${sourceHash(css)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')
  const { width, height } = data.board
  const title = name === '' ? 'Dependency map' : `Dependency map of ${plain(name)}`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="seamripper">
<meta name="referrer" content="no-referrer">
<title>${xml(title)}</title>
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath d='M2 2h5v12H2zm7 0h5v12H9z' fill='%232b69ab'/%3E%3C/svg%3E">
<style>${css}</style>
</head>
<body>
<a class="skip" href="#panel">To the details</a>
<header id="bar"><h1>${xml(title)}</h1></header>
<main id="views">
<section id="map-view" aria-label="Map">
<svg id="board" viewBox="0 0 ${width} ${height}" role="group" aria-label="${xml(`Map. ${describeBoard(data.board)} Arrow keys move, Enter selects.`)}">
${arrowHeads()}
<g id="layer"><g id="arrows"></g><g id="lit-arrows"></g>
<g id="cards">
${drawCards(data.board)}
</g></g>
</svg>
</section>
<section id="matrix-view" aria-label="Matrix" hidden></section>
<section id="list-view" aria-label="Statements" hidden></section>
</main>
<aside id="panel" aria-label="Details" tabindex="-1"></aside>
<noscript>The arrows, the search and the details need JavaScript.</noscript>
<script type="application/json" id="data">${json(data)}</script>
<script>${script}</script>
</body>
</html>
`
}

/** JSON that can't end its element or begin a comment, and that any encoding of the file can hold. */
function json(data: PageData): string {
  return JSON.stringify(data).replace(
    /[<>&\u2028\u2029\p{Cs}]/gu,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
