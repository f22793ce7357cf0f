/** The operations as a router for Express. */
import express, { type Request, type Response, type Router } from 'express'
import { type Answer, createServer, problem, type ServerOptions } from './server.js'

const MAX_BODY = '1mb'

/** Mount it where the clients look for it: `app.use('/api/v1/operations', operationsRouter({ … }))`. */
export function operationsRouter(options: ServerOptions): Router {
  const answer = createServer(options)
  const router = express.Router()
  router.use((request, response, next) => {
    // A body that the application has parsed already is taken as it is.
    if (request.body === undefined) express.json({ limit: MAX_BODY })(request, response, next)
    else next()
  })
  router.post(['/', '/:operation'], (request, response, next) => {
    const { operation } = request.params as { operation?: string }
    answer({ operation: operation ?? null, apiKey: request.get('x-api-key'), body: request.body }).then(
      answered => send(response, answered),
      next,
    )
  })
  router.use((error: { status?: number }, _request: Request, response: Response, _next: unknown) => {
    const status = error.status === 413 ? 413 : error.status !== undefined && error.status < 500 ? 400 : 500
    send(response, problem(status, status === 413 ? 'The body is too large' : 'The body is no JSON'))
  })
  return router
}

function send(response: Response, { status, contentType, body }: Answer): void {
  response.status(status).type(contentType).send(JSON.stringify(body))
}
