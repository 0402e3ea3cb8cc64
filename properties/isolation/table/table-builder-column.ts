/** A column of integers that grows at its end. */
export class Column<T extends Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>> {
  length = 0
  /** The first `length` of these; replaced when the column grows. */
  array: T
  readonly #make: new (
    length: number,
  ) => T

  constructor(make: new (length: number) => T, capacity = 16) {
    this.#make = make
    this.array = new make(capacity)
  }

  push(value: number): void {
    if (this.length === this.array.length) {
      const longer = new this.#make(2 * this.length)
      longer.set(this.array)
      this.array = longer
    }
    this.array[this.length++] = value
  }

  /** What was in the column, which is empty now, in no more memory than that needs. */
  take(): T {
    const taken = this.array.slice(0, this.length) as T
    this.array = new this.#make(1)
    this.length = 0
    return taken
  }
}
