/** Judges states by all `always` and `sometimes` properties at once, remembering the answer by what they read. */
import { isLiveness, requireJudgement } from '../language/properties.ts'
import type { Lookup } from './lookup.ts'
import type { Machine } from './machine.ts'
import { type Remembered, Usefulness } from './remembered.ts'
import { Trie } from './trie.ts'

/** A violated `always` or a witnessed `sometimes`. */
export interface StateFinding {
  readonly property: string
  readonly kind: 'always' | 'sometimes'
  readonly part: string | null
  readonly message: string
}

interface Part {
  readonly property: string
  readonly kind: 'always' | 'sometimes'
  readonly part: string | null
  readonly sentence: string
  readonly judgement: Remembered<boolean | string>
}

const nothing: readonly StateFinding[] = []

export class Judge {
  readonly #trie: Trie = new Trie()
  readonly #useful: Usefulness
  readonly #findings: (readonly StateFinding[])[] = [nothing]
  readonly #known: Lookup
  #parts: readonly Part[]

  constructor(machine: Machine, memoize: boolean) {
    this.#useful = new Usefulness(memoize)
    this.#known = machine.lookup(this.#trie)
    this.#parts = [...machine.program.properties].flatMap(([property, definition]) => {
      if (definition.kind === 'step' || isLiveness(definition)) return []
      const { kind, sentence, parts } = definition
      return Object.entries(parts).map(([part, check]) => {
        const where = `property ${property}${part && `.${part}`}`
        const judgement = machine.predicate(where, () => requireJudgement(check(machine.view), kind))
        return { property, kind, part: part || null, sentence, judgement }
      })
    })
  }

  get bytes(): number {
    return this.#trie.bytes + this.#known.bytes
  }

  judge(state: Int32Array): readonly StateFinding[] {
    if (this.#parts.length === 0) return nothing
    if (!this.#useful.on) return this.#evaluate(state, [])
    const leaf = this.#known.find(state)
    this.#useful.lookups++
    if (leaf >= 0) return this.#findings[leaf] as readonly StateFinding[]
    this.#useful.miss(this.#useful.lookups)
    const path: number[] = []
    const findings = this.#evaluate(state, path)
    const number = findings.length === 0 ? 0 : this.#findings.push(findings) - 1
    this.#known.record([...new Set(path)], state, number)
    return findings
  }

  /** No longer looks at a property: a witness is enough. */
  retire(property: string): void {
    const parts = this.#parts.filter((part) => part.property !== property)
    if (parts.length === this.#parts.length) return
    this.#parts = parts
    this.#known.clear()
  }

  #evaluate(state: Int32Array, path: number[]): readonly StateFinding[] {
    const findings: StateFinding[] = []
    for (const { property, kind, part, sentence, judgement } of this.#parts) {
      const result = judgement.call(state, path)
      if (kind === 'sometimes' ? result !== true : result === true) continue
      findings.push({ property, kind, part, message: typeof result === 'string' ? result : sentence })
    }
    return findings.length === 0 ? nothing : findings
  }
}
