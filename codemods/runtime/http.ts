/** One request, and what its failure means. */

export interface HttpRequest {
  method: string
  url: URL
  headers: Record<string, string>
  body: string | undefined
}

/** An answer of JSON: of success, or of a problem that the service tells. */
export interface HttpAnswer {
  status: number
  body: unknown
  /** Seconds after which the service wants to be asked again. */
  retryAfter: number | null
}

/** There was no usable answer. */
export class NoAnswer extends Error {
  /** Whether the request may have reached the service. */
  readonly sent: boolean

  constructor(message: string, sent: boolean, cause?: unknown) {
    super(message)
    this.sent = sent
    Object.assign(this, { cause })
  }
}

/** Codes of errors before the first byte was sent. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** @throws NoAnswer */
export async function exchange(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
  const { method, url, headers, body } = request
  let response: Response
  let text: string
  try {
    // A redirect could take the key and the data to another host.
    response = await fetch(url, { method, headers, body: body ?? null, signal, redirect: 'error' })
    text = await response.text()
  } catch (error) {
    if (signal.aborted) throw new NoAnswer('no answer in time', true, error)
    const { message, cause } = error as Error & { cause?: Error & { code?: string } }
    const code = cause?.code
    const reason = code ?? cause?.message ?? message
    throw new NoAnswer(reason, !NOT_SENT.has(code ?? ''), error)
  }
  const retryAfter = Number(response.headers.get('retry-after') ?? 'none')
  return {
    status: response.status,
    body: parse(response, text),
    retryAfter: Number.isFinite(retryAfter) && retryAfter >= 0 ? retryAfter : null,
  }
}

function parse(response: Response, text: string): unknown {
  const isJson = /^application\/(problem\+)?json\b/i.test(response.headers.get('content-type') ?? '')
  if (isJson || (response.ok && text === '')) {
    try {
      return text === '' ? null : JSON.parse(text)
    } catch {
      // Falls through: cut off or broken on its way.
    }
  }
  if (!response.ok) return null
  throw new NoAnswer('the answer is not JSON', true)
}
