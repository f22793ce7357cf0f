/** Answers kept for a while, the oldest thrown out first. Kept as text: whoever asks gets values of their own. */
export class Cache {
  private readonly milliseconds: number
  private readonly size: number
  private readonly entries = new Map<string, { answer: string; until: number }>()
  private cleared = 0

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

  /** Changes when the cache is emptied: an answer that was asked for before then may be out of date. */
  get generation(): number {
    return this.cleared
  }

  /** Keeps an answer that was asked for in this generation. */
  set(key: string, answer: unknown, generation: number): void {
    if (generation !== this.cleared) return
    this.entries.delete(key)
    this.entries.set(key, { answer: JSON.stringify(answer), until: performance.now() + this.milliseconds })
    const [oldest] = this.entries.keys()
    if (this.entries.size > this.size && oldest !== undefined) this.entries.delete(oldest)
  }

  clear(): void {
    this.cleared += 1
    this.entries.clear()
  }
}
