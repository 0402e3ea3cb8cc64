/** The Paxos consensus algorithm with three acceptors; messages are a set. Source: TLA+ Examples, PaxosHowToWinATuringAward/Paxos. */
import { cells, defineModel, ids, type Model, set } from '../../index.ts'

type Message =
  | { type: '1a'; bal: number }
  | { type: '1b'; acc: number; bal: number; mbal: number; mval: number | null }
  | { type: '2a'; bal: number; val: number }
  | { type: '2b'; acc: number; bal: number; val: number }
type Promise1b = Extract<Message, { type: '1b' }>

const acceptors = ids(3)
const quorums = [
  [0, 1],
  [0, 2],
  [1, 2],
]

export const paxos: Model = defineModel({
  name: 'paxos-tla',
  about: 'Three acceptors choose at most one value',
  constants: { values: { default: 2, min: 1 }, maxBallot: 1 },
  state: () => ({
    acceptor: cells(acceptors.length, { maxBal: -1, maxVBal: -1, maxVal: null as number | null }),
    messages: set<Message>(),
  }),
  actions: (on, c) => {
    const ballots = Array.from({ length: c.maxBallot + 1 }, (_, bal) => bal)
    return {
      phase1a: on.action({ each: ballots, then: (s, bal) => s.messages.add({ type: '1a', bal }) }),
      phase1b: on.action({
        each: acceptors,
        over: (s, a) => [...s.messages].filter((m) => m.type === '1a').filter(({ bal }) => bal > s.acceptor[a].maxBal),
        then: (s, a, { bal }) => {
          const { maxVBal, maxVal } = s.acceptor[a]
          s.acceptor[a].maxBal = bal
          s.messages.add({ type: '1b', acc: a, bal, mbal: maxVBal, mval: maxVal })
        },
      }),
      phase2a: on.action({
        // One successor per quorum and per promise that permits the value, as TLC counts them.
        each: ballots.flatMap((bal) => ids(c.values).flatMap((val) => quorums.map((quorum) => ({ bal, val, quorum })))),
        over: (s, { bal, val, quorum }) => {
          const sent = [...s.messages].filter((m) => m.bal === bal)
          return sent.some(({ type }) => type === '2a')
            ? []
            : permits(
                quorum,
                sent.filter((m) => m.type === '1b'),
                val,
              )
        },
        then: (s, { bal, val }) => s.messages.add({ type: '2a', bal, val }),
      }),
      phase2b: on.action({
        each: acceptors,
        over: (s, a) => [...s.messages].filter((m) => m.type === '2a').filter(({ bal }) => bal >= s.acceptor[a].maxBal),
        then: (s, a, { bal, val }) => {
          s.acceptor[a] = { maxBal: bal, maxVBal: bal, maxVal: val }
          s.messages.add({ type: '2b', acc: a, bal, val })
        },
      }),
    }
  },
  properties: (on, c) => ({
    agreement: on.always('at most one value is chosen', (s) => ids(c.values).filter((val) => isChosen([...s.messages], val)).length <= 1),
    chosen: on.sometimes('a value is chosen', (s) => isChosen([...s.messages], 0)),
  }),
})

/** Which votes of a quorum's promises, the latest among them, let this value be proposed; `null` where nobody has voted. */
function permits(quorum: readonly number[], all: readonly Promise1b[], val: number): (Promise1b | null)[] {
  const promises = all.filter(({ acc }) => quorum.includes(acc))
  if (!quorum.every((a) => promises.some(({ acc }) => acc === a))) return []
  const votes = promises.filter(({ mbal }) => mbal >= 0)
  const last = Math.max(...votes.map(({ mbal }) => mbal))
  return votes.length === 0 ? [null] : votes.filter(({ mbal, mval }) => mbal === last && mval === val)
}

function isChosen(messages: readonly Message[], val: number): boolean {
  const votes = messages.filter((m) => m.type === '2b').filter((vote) => vote.val === val)
  return quorums.some((quorum) => votes.some(({ bal }) => quorum.every((a) => votes.some((vote) => vote.acc === a && vote.bal === bal))))
}
