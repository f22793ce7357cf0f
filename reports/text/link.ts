/** Where links to lines of files lead: a template with `{file}` and `{line}`, such as `../{file}#L{line}`. */

/** The address of a place. The file's name can't change the address in any other way than by being in it. */
export function linkTo(at: { file: string; line: number }, template: string): string {
  return template.replace(/\{(file|line)\}/g, (_, name) =>
    name === 'file' ? urlPath(at.file) : String(at.line),
  )
}

/** A path as a relative URL, of which no part can be taken for anything else. */
export function urlPath(file: string): string {
  return file
    .replace(/\p{Cs}/gu, '\ufffd')
    .split('/')
    .map(segment => encodeURIComponent(segment).replace(/[!'()*]/g, percent))
    .join('/')
}

function percent(character: string): string {
  return `%${character.codePointAt(0)!.toString(16).toUpperCase()}`
}
