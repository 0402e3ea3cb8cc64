/** Clients of a register, each of which does one operation after the other. */
import type { Call, Party } from '../../checker/index.ts'

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

type Clients = Pick<readonly Readonly<Client>[], number | 'flatMap'>

/**
 * For pictures: the requests of clients and their answers, where a server takes and gives them in steps of its own.
 * @param serverOf who serves a client in this step
 */
export function requests(before: Clients, after: Clients, serverOf: (client: number) => Party): Call[] {
  return after.flatMap((now, i) => {
    const was = before[i] ?? idle
    const isAnswered = now.answers > was.answers
    const hasAsked = !was.isWaiting && (now.isWaiting || isAnswered)
    if (!hasAsked && !isAnswered) return []
    const [client, server]: [Party, Party] = [['client', i], serverOf(i)]
    return [...(hasAsked ? [{ from: client, to: server }] : []), ...(isAnswered ? [{ from: server, to: client, message: 'answer' }] : [])]
  })
}
