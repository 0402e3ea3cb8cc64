/** Two-phase commit among parties that only have each other's messages: a coordinator, and participants that vote. */

export type Message = { kind: 'prepared' | 'refused'; from: number } | { kind: 'commit' | 'abort' }

/** Tells that a party has just done something; the arguments and the state are in the words of the model. */
export type Log = (event: { action: string; args?: number[]; state: Record<string, string> }) => void

interface Options {
  /** How each participant votes. */
  readonly votes: readonly ('yes' | 'no')[]
  /** The bug: the coordinator counts votes and does not look whose they are; a network that delivers twice then makes two of one. */
  readonly countsVotes?: boolean
  /** How often each message arrives. */
  readonly copies?: number
}

/** Runs one transaction, and ends when everyone has decided. */
export async function runTransaction({ votes, countsVotes = false, copies = 1 }: Options, log: Log): Promise<void> {
  const toCoordinator = new Mailbox()
  const toParticipants = votes.map(() => new Mailbox())
  const send = (mailbox: Mailbox, message: Message): void => {
    for (let copy = 0; copy < copies; copy++) mailbox.put(message)
  }
  const coordinator = async (): Promise<void> => {
    const yes: number[] = []
    const isUnanimous = (): boolean => (countsVotes ? yes.length : new Set(yes).size) >= votes.length
    while (!isUnanimous()) {
      const message = await toCoordinator.take()
      if (message.kind === 'refused') break
      if (message.kind !== 'prepared') continue
      yes.push(message.from)
      log({ action: 'receivePrepared', args: [message.from], state: { tm: 'init' } })
    }
    const kind = isUnanimous() ? 'commit' : 'abort'
    log({ action: kind, state: { tm: kind === 'commit' ? 'committed' : 'aborted' } })
    for (const mailbox of toParticipants) send(mailbox, { kind })
  }
  const participant = async (id: number): Promise<void> => {
    const mailbox = toParticipants[id] as Mailbox
    if (votes[id] === 'yes') {
      log({ action: 'prepare', args: [id], state: { [`rm[${id}]`]: 'prepared' } })
      send(toCoordinator, { kind: 'prepared', from: id })
    } else {
      log({ action: 'chooseToAbort', args: [id], state: { [`rm[${id}]`]: 'aborted' } })
      send(toCoordinator, { kind: 'refused', from: id })
      return
    }
    const { kind } = await mailbox.take()
    if (kind === 'commit') log({ action: 'receiveCommit', args: [id], state: { [`rm[${id}]`]: 'committed' } })
    else log({ action: 'receiveAbort', args: [id], state: { [`rm[${id}]`]: 'aborted' } })
  }
  await Promise.all([coordinator(), ...votes.map((_, id) => participant(id))])
}

/** A queue in this process; who takes from an empty one waits. */
class Mailbox {
  readonly #messages: Message[] = []
  #wake: (() => void) | null = null

  put(message: Message): void {
    this.#messages.push(message)
    this.#wake?.()
  }

  async take(): Promise<Message> {
    for (;;) {
      const message = this.#messages.shift()
      if (message !== undefined) return message
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }
}
