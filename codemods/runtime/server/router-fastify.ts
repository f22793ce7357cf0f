/** The operations as a plugin for Fastify. */
import type { FastifyInstance } from 'fastify'
import { createServer, problem, type ServerOptions } from './server.js'

const MAX_BODY = 1_048_576

/** Register it where the clients look for it: `app.register(operationsPlugin, { prefix: '/api/v1/operations', … })`. */
export async function operationsPlugin(app: FastifyInstance, options: ServerOptions): Promise<void> {
  const answer = createServer(options)
  // Fastify 4 asks for an Error.
  app.setErrorHandler(async (error: Error & { statusCode?: number }, _request, reply) => {
    const status = error.statusCode === 413 ? 413 : (error.statusCode ?? 500) < 500 ? 400 : 500
    const { contentType, body } = problem(
      status,
      status === 413 ? 'The body is too large' : 'The body is no JSON',
    )
    return reply.code(status).type(contentType).send(JSON.stringify(body))
  })
  for (const path of ['/', '/:operation']) {
    app.post<{ Params: { operation?: string } }>(path, { bodyLimit: MAX_BODY }, async (request, reply) => {
      const key = request.headers['x-api-key']
      const { status, contentType, body } = await answer({
        operation: request.params.operation ?? null,
        apiKey: typeof key === 'string' ? key : undefined,
        body: request.body,
      })
      return reply.code(status).type(contentType).send(JSON.stringify(body))
    })
  }
}
