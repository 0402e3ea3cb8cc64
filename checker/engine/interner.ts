/** Gives every distinct plain value a small integer, in order of first appearance. */
import { canonicalKey, type Json, plain, type Reveal } from '../language/json.ts'

export class Interner {
  readonly #ids: Map<string, number> = new Map()
  readonly values: Json[] = []

  /** @throws UserError `not-plain-data`, naming `path` and what is inside */
  id(value: unknown, path?: string, reveal?: Reveal): number {
    const data = plain(value, path, reveal)
    const key = canonicalKey(data)
    const known = this.#ids.get(key)
    if (known !== undefined) return known
    const id = this.values.length
    this.#ids.set(key, id)
    this.values.push(data)
    return id
  }

  value(id: number): Json {
    return this.values[id] as Json
  }

  get size(): number {
    return this.values.length
  }
}
