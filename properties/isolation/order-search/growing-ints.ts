/** A stack of integers. */
export class GrowingInts {
  length = 0
  at: Int32Array

  constructor(capacity = 64) {
    this.at = new Int32Array(capacity)
  }

  push(value: number): void {
    if (this.length === this.at.length) {
      const longer = new Int32Array(Math.max(16, 2 * this.length))
      longer.set(this.at)
      this.at = longer
    }
    this.at[this.length++] = value
  }
}
