/** The names of the processes of a history that is being recorded: none is given out twice, nor a number that is another's name. */
export class ProcessNames {
  readonly #known = new Set<string>()
  #next = 0

  has(process: number | string): boolean {
    return this.#known.has(String(process))
  }

  claim(process: number | string): number | string {
    this.#known.add(String(process))
    return process
  }

  /** A number; for a client with a name, the name and a number. */
  fresh(client: number | string | undefined): number | string {
    for (;;) {
      const process = typeof client === 'string' ? `${client}/${this.#next++}` : this.#next++
      if (!this.has(process)) return this.claim(process)
    }
  }
}
