/**
 * Circuit breaker: after some failures in a row a service is left alone for a while, so that callers fail at once
 * instead of waiting for the time limit, and the service gets room to recover. Then one call tries.
 */
export class Breaker {
  private readonly limit: number
  private readonly restMilliseconds: number
  private failures = 0
  private openUntil = 0
  private trying = false

  constructor(limit: number, restMilliseconds: number) {
    this.limit = limit
    this.restMilliseconds = restMilliseconds
  }

  /** Whether a call may be made now. One that may must be followed by `succeeded` or `failed`. */
  admits(): boolean {
    if (this.failures < this.limit) return true
    if (this.trying || performance.now() < this.openUntil) return false
    this.trying = true
    return true
  }

  succeeded(): void {
    this.failures = 0
    this.trying = false
  }

  failed(): void {
    this.failures += 1
    this.trying = false
    if (this.failures >= this.limit) this.openUntil = performance.now() + this.restMilliseconds
  }
}
