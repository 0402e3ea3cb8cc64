/** Variables by how much they had to do with recent conflicts, the most active first (VSIDS: Moskewicz et al., Chaff, DAC 2001). */
const decay = 0.95
const activityMax = 1e100

export class ActivityHeap {
  #activity = new Float64Array(16)
  #heap = new Int32Array(16)
  /** Of each variable: where in the heap it is, or -1. */
  #at = new Int32Array(16).fill(-1)
  #length = 0
  #increment = 1

  /** Makes room for variables up to a number, which are not in the heap yet. */
  extendTo(variables: number): void {
    const known = this.#at.length
    if (variables <= known) return
    const capacity = Math.max(variables, 2 * known)
    this.#activity = extended(this.#activity, new Float64Array(capacity))
    this.#heap = extended(this.#heap, new Int32Array(capacity))
    this.#at = extended(this.#at, new Int32Array(capacity).fill(-1))
  }

  /** Removes the most active one; -1 if there is none. */
  pop(): number {
    if (this.#length === 0) return -1
    const top = this.#heap[0] as number
    this.#at[top] = -1
    const last = this.#heap[--this.#length] as number
    if (last !== top) {
      this.#heap[0] = last
      this.#at[last] = 0
      this.#down(0)
    }
    return top
  }

  add(variable: number): void {
    if (this.#at[variable] !== -1) return
    this.#heap[this.#length] = variable
    this.#at[variable] = this.#length
    this.#up(this.#length++)
  }

  bump(variable: number): void {
    const activity = (this.#activity[variable] as number) + this.#increment
    this.#activity[variable] = activity
    if (activity > activityMax) {
      for (let v = 0; v < this.#activity.length; v++) this.#activity[v] = (this.#activity[v] as number) / activityMax
      this.#increment /= activityMax
    }
    if (this.#at[variable] !== -1) this.#up(this.#at[variable] as number)
  }

  decayAll(): void {
    this.#increment /= decay
  }

  #up(start: number): void {
    const variable = this.#heap[start] as number
    let at = start
    while (at > 0) {
      const parent = (at - 1) >> 1
      const other = this.#heap[parent] as number
      if (!this.#isBefore(variable, other)) break
      this.#put(other, at)
      at = parent
    }
    this.#put(variable, at)
  }

  #down(start: number): void {
    const variable = this.#heap[start] as number
    let at = start
    for (;;) {
      let child = 2 * at + 1
      if (child >= this.#length) break
      if (child + 1 < this.#length && this.#isBefore(this.#heap[child + 1] as number, this.#heap[child] as number)) child++
      if (!this.#isBefore(this.#heap[child] as number, variable)) break
      this.#put(this.#heap[child] as number, at)
      at = child
    }
    this.#put(variable, at)
  }

  /** Of equally active ones that which is known longer comes first. */
  #isBefore(a: number, b: number): boolean {
    const difference = (this.#activity[a] as number) - (this.#activity[b] as number)
    return difference > 0 || (difference === 0 && a < b)
  }

  #put(variable: number, at: number): void {
    this.#heap[at] = variable
    this.#at[variable] = at
  }
}

function extended<T extends Float64Array | Int32Array>(array: T, longer: T): T {
  longer.set(array)
  return longer
}
