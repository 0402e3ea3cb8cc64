/**
 * A trace that ends where transactions wait for each other, as a plan for a database: they ask for what the others hold, and the server
 * aborts one of them, whichever, so that the others go on.
 */
import type { State } from '../../../checker/index.ts'
import type { HistoryEvent, Value } from '../../../properties/index.ts'
import type { Replay } from '../../replay.ts'
import type { Judged, Pattern, PlannedStep, Scenario } from '../scenario.ts'
import { actorOf, answerIn, nextOf, planned } from './requests.ts'

/** What a server says to the victim: PostgreSQL, MariaDB. */
const deadlockCodes = ['40P01', '1213']
/** PostgreSQL refuses to commit what an error has ended; in MariaDB, nothing is left then to commit. */
const endedCodes = ['25P02']

/** @param scenario the plan of the trace itself */
export function deadlockPlan(replayed: Replay, scenario: Scenario): Scenario {
  const { trace, states, simulation } = replayed
  const last = states.at(-1) as State
  const victims = simulation.transitions(last).flatMap(({ action, args }) => (action === 'breakDeadlock' ? [args[0] as number] : []))
  const of = trace.steps.length
  const asked = victims.map((t, i): PlannedStep => {
    const ends = endsOf(replayed, last, t, victims)
    // The last one closes the circle.
    return { ...planned(nextOf(replayed, last, t), t, of), allowed: i + 1 < victims.length ? [{ kind: 'blocked' }] : ends, later: ends }
  })
  const commits = victims.map(
    (t): PlannedStep => ({
      ...planned({ is: 'commit', key: null }, t, of),
      allowed: [{ kind: 'ok' }, { kind: 'error', codes: endedCodes }],
    }),
  )
  return { ...scenario, steps: [...scenario.steps, ...asked, ...commits], judge: (history) => judged(history, victims.map(actorOf)) }
}

/** Either it goes on without another one, who is the victim, or it is the victim. */
function endsOf(replayed: Replay, last: State, t: number, victims: readonly number[]): readonly Pattern[] {
  const { simulation } = replayed
  const request = nextOf(replayed, last, t)
  const goesOn = victims.flatMap((victim): readonly Pattern[] => {
    const without = victim === t ? null : simulation.take(last, { action: 'breakDeadlock', args: [victim] })
    if (without === null || 'refused' in without) return []
    const granted = simulation.take(without.after, { action: request.is, args: [t, request.key] })
    return 'refused' in granted ? [] : [answerIn(replayed, last, granted.after, t, request)]
  })
  return [...goesOn, { kind: 'error', codes: deadlockCodes }]
}

/** Whether exactly one was aborted, and all others committed. */
function judged(history: readonly HistoryEvent<Value>[], actors: readonly string[]): Judged {
  const ended = (type: HistoryEvent['type']): readonly string[] =>
    actors.filter((actor) => history.some((event) => event.process === actor && event.type === type))
  const [aborted, committed] = [ended('fail'), ended('ok')]
  const names = (of: readonly string[]): string => of.join(' and ') || 'nobody'
  return {
    violated: aborted.length === 1 && committed.length === actors.length - 1,
    text: `deadlock: ${names(aborted)} aborted, ${names(committed)} committed`,
  }
}
