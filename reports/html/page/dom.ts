/** Elements are made here and nowhere else: what is given as text becomes text nodes, never markup. */

type Child = Node | string | null | undefined | false

interface Properties {
  class?: string
  /** Called on click; keyboards click buttons and links as well. */
  onclick?: (event: MouseEvent) => void
  /** All else is an attribute; false and null leave it out. */
  [attribute: string]: unknown
}

/** A new HTML element. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return filled(document.createElement(tag), properties, children)
}

/** A new SVG element. */
export function s<K extends keyof SVGElementTagNameMap>(
  tag: K,
  properties: Properties = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', tag), properties, children)
}

function filled<E extends Element>(element: E, { onclick, ...attributes }: Properties, children: Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue
    element.setAttribute(name, value === true ? '' : String(value))
  }
  if (onclick) element.addEventListener('click', onclick as EventListener)
  element.append(...children.filter(child => child !== null && child !== undefined && child !== false))
  return element
}

/** An element of the page that is known to be there. */
export function byId<E extends Element = HTMLElement>(id: string): E {
  return document.getElementById(id) as unknown as E
}
