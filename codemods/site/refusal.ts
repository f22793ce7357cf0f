/** Why something can't be rewritten, and what a person would do instead. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly advice: string | null

  constructor(reason: string, advice: string | null = null) {
    super(reason)
    this.advice = advice
  }
}
