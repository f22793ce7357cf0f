/** Requests to endpoints that the service's people wrote themselves. */

export interface Endpoint {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** `/api/v1/patients/{id}` */
  path: string
  answer: 'object' | 'list'
  /** `data`, of an answer such as `{ "success": true, "data": … }`; `data.rows` of one that is deeper. */
  field?: string
}

/** What of an answer is the object, or the list; undefined where it is not there. */
export function endpointContent(answer: unknown, { field }: Endpoint): unknown {
  if (field === undefined) return answer
  return field.split('.').reduce<unknown>((content, name) => {
    if (typeof content !== 'object' || content === null) return undefined
    return new Map<string, unknown>(Object.entries(content)).get(name)
  }, answer)
}

/**
 * Parameters go where the path names them, the others into the query or the body.
 *
 * @param fail makes the error for a value that can't stand in a path
 */
export function endpointRequest(
  { method, path }: Endpoint,
  parameters: Record<string, unknown>,
  fail: (problem: string) => Error,
): { method: string; path: string; body: unknown } {
  const rest = new Map(Object.entries(parameters))
  const filled = path.replace(/\{([^{}]+)\}/g, (_, name: string) => {
    const value = String(parameters[name] ?? '')
    // These would lead to another endpoint: `/patients/`, `/patients/..`.
    if (value === '' || value === '.' || value === '..')
      throw fail(`parameter ${name}: can't be part of a path`)
    rest.delete(name)
    return encodeURIComponent(value)
  })
  if (method !== 'GET' && method !== 'DELETE') return { method, path: filled, body: Object.fromEntries(rest) }
  const query = new URLSearchParams()
  for (const [name, value] of rest) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== null) query.append(name, String(each))
    }
  }
  return { method, path: String(query) === '' ? filled : `${filled}?${query}`, body: undefined }
}
