/** What a service's client is called. */

export interface ClientNames {
  /** `payment-gateway`: of its file. */
  file: string
  /** `paymentGatewayClient`. */
  client: string
  /** `PAYMENT_GATEWAY`, of PAYMENT_GATEWAY_API_URL and PAYMENT_GATEWAY_API_KEY. */
  environment: string
}

/** @param services all of them: `auth-service` is `auth` only where there is no service `auth` */
export function clientNames(owner: string, services: readonly string[]): ClientNames {
  const words = wordsOf(short(owner, services))
  const [first = '', ...others] = words
  return {
    file: words.join('-'),
    client: `${first}${others.map(capital).join('')}Client`,
    environment: words.join('_').toUpperCase(),
  }
}

/** Without the scope of its package and without what all services are called. */
export function short(service: string, services: readonly string[]): string {
  const name = service.replace(/^@[^/]*\//, '')
  const stripped = name.replace(/[-_.]?(service|svc|microservice)$/i, '')
  const isTaken = services.some(
    other => other !== service && wordsOf(other).join() === wordsOf(stripped).join(),
  )
  return stripped === '' || isTaken ? name : stripped
}

/** Lower case, safe in file names, identifiers and variables of the environment. */
function wordsOf(name: string): string[] {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .match(/[a-z0-9]+/g)
  if (words === null) return ['service']
  return /^\d/.test(words[0] ?? '') ? ['service', ...words] : words
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
