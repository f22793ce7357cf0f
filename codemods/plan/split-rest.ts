/** Statements whose values are handed over one by one. */
import { Refusal } from '../site/refusal.js'
import type { Wrapper } from '../wrapper/wrapper.js'

/** @throws Refusal where a function takes them as `...values`: what stays behind is found in a list */
export function refuseRest(wrapper: Wrapper | null): void {
  if (wrapper?.protocol.values !== 'rest') return
  throw new Refusal(
    `its values are handed one by one to ${wrapper.name}, and some of them stay where the statement is taken apart`,
    'let that function take its values as a list, or call the client by hand',
  )
}
