/**
 * The messages of Maelstrom's protocol: a node is a program that reads and writes them as lines of JSON. Source: Kingsbury, Maelstrom
 * (Jepsen), its protocol and its services.
 */
import { z } from 'zod'
import type { Value } from '../../properties/index.ts'

export interface Body {
  readonly type: string
  readonly msg_id?: number | undefined
  readonly in_reply_to?: number | undefined
  readonly [field: string]: Value | undefined
}

export interface Message {
  readonly src: string
  readonly dest: string
  readonly body: Body
}

/** What a node did that no node may do, whatever it computes: it ended, or broke the protocol. One line for people. */
export class NodeFault extends Error {
  override readonly name = 'NodeFault'
  readonly node: string
  readonly kind: FaultKind

  constructor(node: string, kind: FaultKind, message: string) {
    super(message)
    this.node = node
    this.kind = kind
  }
}

export type FaultKind =
  | 'ended'
  | 'not-json'
  | 'not-a-message'
  | 'unknown-sender'
  | 'unknown-receiver'
  | 'unasked'
  | 'bad-answer'
  | 'no-rest'

/**
 * Reads a line that a node has written.
 * @throws NodeFault for what is no message of the protocol
 */
export function readMessage(node: string, line: string): Message {
  let data: unknown
  try {
    data = JSON.parse(line)
  } catch {
    throw new NodeFault(node, 'not-json', `${node} writes what is not JSON: ${shortened(line)}`)
  }
  const parsed = schema.safeParse(data)
  if (!parsed.success) {
    const place = parsed.error.issues[0]?.path.join('.') || 'message'
    const problem = `${node} writes a message whose ${place} is not as in the protocol: ${shortened(line)}`
    throw new NodeFault(node, 'not-a-message', problem)
  }
  const message = parsed.data
  if (message.src !== node) throw new NodeFault(node, 'unknown-sender', `${node} writes in the name of ${message.src}: ${shortened(line)}`)
  return message
}

/** The errors of the protocol after which the operation has certainly not happened; of all others nobody knows. */
export const definiteErrors: ReadonlySet<number> = new Set([1, 10, 11, 12, 14, 20, 21, 22, 30])

const names: Readonly<Record<number, string>> = {
  0: 'timeout',
  1: 'node not found',
  10: 'not supported',
  11: 'temporarily unavailable',
  12: 'malformed request',
  13: 'crash',
  14: 'abort',
  20: 'key does not exist',
  21: 'key already exists',
  22: 'precondition failed',
  30: 'transaction conflict',
}

/** `error 20, key does not exist` */
export function errorText({ code, text }: Body): string {
  const name = typeof code === 'number' ? names[code] : undefined
  const words = name ?? (typeof text === 'string' ? shortened(text, 60) : '')
  return `error ${String(code)}${words === '' ? '' : `, ${words}`}`
}

export function shortened(text: string, max: number = 120): string {
  return text.length > max ? `${text.slice(0, max - 1)}…` : text
}

// What JSON.parse returned are values already.
const value = z.custom<Value>()

const schema: z.ZodType<Message> = z.object({
  src: z.string(),
  dest: z.string(),
  body: z.looseObject({ type: z.string(), msg_id: z.int().optional(), in_reply_to: z.int().optional() }).catchall(value),
})
