/** What can happen in a state, and what each step would change. */
import type { State } from '../../checker/index.ts'
import { sameJson } from '../../checker/language/json.ts'
import type { TraceMessage } from '../html/document.ts'
import { pathView } from '../html/trace-view.ts'
import type { Possible } from './api.ts'
import { digestOf, type Offer, type Stop, type Walker } from './walker.ts'

export function choicesAt(walker: Walker, here: Stop): Possible[] {
  return walker.offers(here).map((offer, choice) => possible(walker, here.state, offer, choice))
}

function possible({ program, simulation }: Walker, before: State, offer: Offer, choice: number): Possible {
  const { steps, messages, lanes } = pathView({ program, states: [before, offer.after], transitions: [offer] }, simulation)
  const { action = offer.action, text = offer.action, mark = null, changes = [] } = steps[0] ?? {}
  const names = lanes.map(({ name }) => name)
  const lane = lanes[steps[0]?.lane ?? -1]
  const isParty = lane !== undefined && lane.kind !== 'environment'
  return {
    choice,
    process: isParty ? lanes.indexOf(lane) : null,
    who: isParty ? (lane.kind === 'party' ? lane.name : `node ${lane.name}`) : 'the environment',
    step: { action, text, mark, changes },
    messages: messages.flatMap((message) => (message.sent === 1 || message.ended === 1 ? [said(message, names)] : [])),
    digest: digestOf(offer.after),
    isOutside: !offer.isInside,
    isIdle: sameJson(before, offer.after),
  }
}

function said({ isCall, sent, isLost, copyOf, to, from, text }: TraceMessage, names: readonly string[]): string {
  if (isCall) return `${from === null ? '' : `${names[from] ?? ''} `}to ${names[to] ?? ''}${text === '' ? '' : `: ${text}`}`
  if (sent !== 1) return `${isLost ? 'loses' : 'receives'} ${text}${from === null ? '' : ` from ${names[from] ?? ''}`}`
  return `${copyOf === null ? 'sends' : 'sends again'} ${text} to ${names[to] ?? ''}`
}
