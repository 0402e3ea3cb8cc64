/** What a library of replicated data must let us do: keep a register or a counter on replicas, and carry their messages. */

export interface Replica {
  write(value: number): void
  increment(): void
  /** The register's value, null where there is none yet. */
  value(): number | null
  count(): number
  /** All that it knows, for another replica. */
  tell(): Uint8Array
  hear(told: Uint8Array): void
}

export interface ReplicatedData {
  /** With its version. */
  readonly name: string
  /** How increments are kept. */
  readonly counter: string
  makeReplica(self: number): Replica
}

export const replicaName = (replica: number): string => `replica ${replica}`

/** What the fact is called that says what a replica shows. */
export const shownName = (replica: number): string => `${replicaName(replica)}: shows`
