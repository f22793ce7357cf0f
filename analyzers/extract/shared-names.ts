/** What applications of web frameworks, requests, and what hangs on them are called: see `shared.ts`. */
const HOLDER =
  /^(?:_?app(?:lication)?|_?fastify|_?server|instance|express|locals|req(?:uest)?|res(?:ponse)?|reply|ctx|context|state)$/i

/** Whether something of this name may be where a framework keeps what is shared. */
export function isHolder(name: string): boolean {
  return HOLDER.test(name)
}

/** Types of such things: `FastifyInstance`, `express.Request`. */
export function isHolderType(type: string): boolean {
  return /^(?:\w+\.)?(?:Fastify(?:Instance|Request|Reply)|Request|Response|Application|Express|(?:Parameterized)?Context)$/.test(
    type,
  )
}
