/**
 * A trace of the model of transactions as a plan for a database: each transaction on a connection of its own, step by step in the order of
 * the trace. What a read returns is known from the model's state: the version that it saw stands for the value that its writer wrote.
 */
import { type State, UserError } from '../../../checker/index.ts'
import { transactions } from '../../../models/index.ts'
import { type HistoryEvent, type IsolationLevel, judgeIsolation, tableOf, transactionsOf, type Value } from '../../../properties/index.ts'
import type { Replay } from '../../replay.ts'
import { correctStates } from '../correct-model.ts'
import type { Judged, Pattern, PlannedStep, Scenario } from '../scenario.ts'
import { committedIn } from './committed.ts'
import { deadlockPlan } from './deadlock.ts'
import { transactionHistory } from './history.ts'
import { actorOf, answerIn, isAborted, nextOf, planned, type Request } from './requests.ts'

/**
 * @param level that of which our own oracle is asked what the clients saw
 * @throws UserError `bad-option` for a step that clients do not take, such as the abort of one of a circle of those who wait
 */
export function transactionsPlan(replayed: Replay, level: IsolationLevel = levelOf(replayed)): Scenario {
  const { trace, states } = replayed
  // Without bugs, what a trace of a weak control shows is no mistake.
  const correct = trace.bugs.length > 0 ? correctStates(transactions, replayed) : []
  const limited = trace.steps.flatMap(({ action, args }) => (action === 'timeOut' ? [args[0] as number] : []))
  const scenario: Scenario = {
    name: `${trace.property} of ${trace.model}`,
    steps: trace.steps.flatMap(({ action, args }, i): readonly PlannedStep[] => {
      // A walk comes to what transactions wait for without their having asked.
      if (trace.kind === 'path' && action === 'breakDeadlock')
        throw new UserError('bad-option', `a step of transactions that is not a statement of any of them: ${action}`)
      const t = args[0] as number
      const [before, after] = [states[i], states[i + 1]] as [State, State]
      const facts = committedIn(replayed, after, correct[i] ?? [])
      if (action === 'begin') return [...(limited.includes(t) ? [limitedWaits(t, i + 1)] : []), { ...planned(begin, t, i + 1), facts }]
      const request = nextOf(replayed, before, t)
      if (action === 'timeOut') return timedOut(request, t, i + 1)
      const refusals = (correct[i] ?? []).map((state) => answerIn(replayed, before, state, t, request))
      // A walk must come to the aborts of the model, too; a trace of a violation may do without.
      const isError = trace.kind === 'path' && isAborted(replayed, after, t, request)
      const allowed: Pattern = isError ? { kind: 'error' } : answerIn(replayed, before, after, t, request)
      return [{ ...planned(request, t, i + 1), allowed: [allowed], refusals, facts }]
    }),
    history: transactionHistory,
    judge: (history) => judged(history, level),
  }
  return trace.property === 'noWaitCircle' ? deadlockPlan(replayed, scenario) : scenario
}

const begin: Request = { is: 'begin', key: null }

function limitedWaits(t: number, of: number): PlannedStep {
  return { ...planned({ is: 'limitWaits', key: null }, t, of), text: `${actorOf(t)}: limits its waits` }
}

/** What a server says when somebody has waited for a lock for too long: MariaDB, PostgreSQL. */
const timeoutCodes = ['1205', '55P03']

/** Somebody asks for what another one holds, and waits for it until the server ends the statement. */
function timedOut(request: Request, t: number, of: number): readonly PlannedStep[] {
  const actor = actorOf(t)
  return [
    { ...planned(request, t, of), allowed: [{ kind: 'blocked' }] },
    {
      step: { kind: 'expire', what: actor },
      text: `${actor}: has waited too long`,
      of,
      allowed: [{ kind: 'error', codes: timeoutCodes }],
    },
  ]
}

/** The level that the model has been asked about; of the phenomena, the weakest one that excludes them, as far as clients can tell. */
function levelOf({ trace: { constants, property } }: Replay): IsolationLevel {
  const { judge } = constants
  if (property === 'OTV') return 'monotonic-atomic-view'
  return judge === 'read-committed' || judge === 'snapshot-isolation' ? judge : 'serializable'
}

function judged(history: readonly HistoryEvent<Value>[], level: IsolationLevel): Judged {
  const { levels, anomalies } = judgeIsolation(tableOf(transactionsOf(history)), { levels: [level], anomalies: true })
  const verdict = levels[0]?.verdict ?? 'unknown'
  const names = [...new Set(anomalies.map(({ name }) => name))]
  return { violated: verdict === 'violated', text: `${level} ${verdict}${names.length > 0 ? `: ${names.join(', ')}` : ''}` }
}
