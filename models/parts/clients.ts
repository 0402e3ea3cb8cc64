/** Clients of a register, each of which does one operation after the other. */

/** The value of a register that nobody has written is null. */
export type Content = number | null

export interface Client {
  /** How many of its operations have been answered. */
  answers: number
  isWaiting: boolean
}

export const idle: Client = { answers: 0, isWaiting: false }

export interface Operation {
  readonly f: 'write' | 'read'
  readonly value: Content
}

/** Client i writes i + 1, so that no two write the same. */
export function write(client: number): Operation {
  return { f: 'write', value: client + 1 }
}

export function reads(count: number): readonly Operation[] {
  return Array.from({ length: count }, () => ({ f: 'read', value: null }))
}

/** What a client does next; nothing while it waits, and once it is done. */
export function next<O>({ answers, isWaiting }: Client, operations: readonly O[]): readonly O[] {
  return isWaiting ? [] : operations.slice(answers, answers + 1)
}
