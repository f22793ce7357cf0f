/** Answers kept for a while, the oldest thrown out first. Kept as text: whoever asks gets values of their own. */
export class Cache {
  private readonly milliseconds: number
  private readonly size: number
  private readonly entries = new Map<string, { answer: string; until: number }>()

  constructor(milliseconds: number, size: number) {
    this.milliseconds = milliseconds
    this.size = size
  }

  get(key: string): unknown {
    const entry = this.entries.get(key)
    if (entry === undefined) return undefined
    if (performance.now() < entry.until) return JSON.parse(entry.answer)
    this.entries.delete(key)
    return undefined
  }

  set(key: string, answer: unknown): void {
    this.entries.delete(key)
    this.entries.set(key, { answer: JSON.stringify(answer), until: performance.now() + this.milliseconds })
    const [oldest] = this.entries.keys()
    if (this.entries.size > this.size && oldest !== undefined) this.entries.delete(oldest)
  }

  clear(): void {
    this.entries.clear()
  }
}
