/** One step of a trace as rows of the picture: the action, what arrived, what changed, what was sent. */
import type { Json } from '../checker/index.ts'
import { sameJson } from '../checker/language/json.ts'
import type { Change } from './diff.ts'
import type { Arrow, Lanes } from './lanes.ts'
import { literal } from './literal.ts'
import type { Message, Operation, StoryStep } from './story.ts'
import { clip, type Rich, richWidth, span } from './text.ts'

/** A line of text, before wrapping, with the piece of the picture that stands beside it. */
export interface Row {
  readonly lane: Rich
  readonly text: Rich
  readonly indent: number
}

export interface StepRowsOptions {
  readonly acting: number | null
  /** Columns of the text. */
  readonly width: number
  /** How a lane is called. */
  readonly nameOf: (lane: number) => string
}

/** The rows of a step; the first is that of its action. */
export function stepRows(step: StoryStep, lanes: Lanes, options: StepRowsOptions): Row[] {
  const { acting, width, nameOf } = options
  if (step.cut) lanes.cutOff(step.cut)
  const { cut } = step
  const [first] = [...step.arrived, ...step.lost, ...step.copied.map(({ original }) => original)]
  // What the arguments of the step say needs no line of its own.
  const asked = first === undefined ? step.called.find(({ content }) => content === null) : undefined
  const shown = first ?? asked
  const arrow = shown && arrowOf(shown, step.lost.length > 0 ? 'lost' : step.copied.length > 0 ? 'sent' : 'arrived')
  const row = lanes.row({ acting, ...(arrow && { arrow }), ...(cut !== undefined && { cut: cut === null ? 'ends' : 'begins' }) })
  if (cut === null) lanes.cutOff([])

  const rows: Row[] = headRows(step, row, lanes, options)
  for (const message of step.arrived.slice(1))
    rows.push(below(lanes.row({ acting, arrow: arrowOf(message, 'arrived') }), told('takes', message, width)))
  for (const change of step.changes) rows.push(below(lanes.row(), changeText(change)))
  for (const operation of step.operations) rows.push(below(lanes.row(), operationText(operation)))
  for (const call of step.called)
    if (call !== asked || lanes.width === 0) rows.push(below(lanes.row({ arrow: arrowOf(call, 'arrived') }), callText(call, options)))
  for (const group of alike(step.sent)) rows.push(below(sendLane(lanes, group), sendText(group, lanes.width === 0, nameOf)))
  if (rows.length === 1 && shown === undefined && cut === undefined) rows.push(below(lanes.row(), [span('(changes nothing)', 'dim')]))
  return rows
}

function headRows(step: StoryStep, lane: Rich, lanes: Lanes, { width, nameOf }: StepRowsOptions): Row[] {
  const { transition, arrived, lost, copied, budget } = step
  const messages = [...arrived, ...lost, ...copied.map(({ original }) => original)]
  const call = actionText(transition.action, transition.args, messages)
  const left: Rich = budget === null ? [] : [span(`  (${budget} more possible)`, 'dim')]
  const note = noteText(step, messages[0], lanes.width === 0, nameOf)
  const together = [...call, ...(note === '' ? [] : [span(`  ${note}`)]), ...left]
  if (note === '' || richWidth(together) <= width) return [{ lane, text: together, indent: 0 }]
  return [{ lane, text: [...call, ...left], indent: 0 }, below(lanes.row(), [span(clip(note, width - 2))])]
}

function noteText(
  { lost, copied, cut }: StoryStep,
  message: Message | undefined,
  named: boolean,
  nameOf: (lane: number) => string,
): string {
  if (cut === null) return 'all are connected again'
  if (cut) return `${listed(cut.map(nameOf))} cut off from the others`
  if (message === undefined) return ''
  const verb = lost.length > 0 ? 'lost: ' : copied[0] ? `sent again, as ${copied[0].copy.name}: ` : ''
  // Without a picture, nothing else says who sent it.
  const from = named && message.from !== null ? `from ${nameOf(message.from)}: ` : ''
  return `${verb}${from}${literal(message.content)}`
}

/** The action with its arguments; a message stands there by its name. */
function actionText(action: string, args: readonly Json[], messages: readonly Message[]): Rich {
  const texts = args.map((arg) => {
    const message = messages.find(({ element }) => typeof arg === 'object' && sameJson(element, arg))
    return message === undefined ? span(literal(arg)) : span(message.name, 'yellow')
  })
  if (texts.length === 0) return [span(action, 'bold')]
  return [span(action, 'bold'), span('('), ...texts.flatMap((text, i) => (i === 0 ? [text] : [span(', '), text])), span(')')]
}

function callText({ from, to, content }: Message, { width, nameOf }: StepRowsOptions): Rich {
  const who = `${from === null ? '' : `${nameOf(from)} `}to ${nameOf(to)}`
  return [span(clip(content === null ? who : `${who}: ${literal(content)}`, width - 2))]
}

function told(verb: string, { name, content }: Message, width: number): Rich {
  return [span(`${verb} `), span(name, 'yellow'), span(clip(`: ${literal(content)}`, width - verb.length - name.length - 3))]
}

function changeText({ path, before, after }: Change): Rich {
  if (before === undefined) return [span(`${path}: `), span(`+ ${literal(after ?? null)}`, 'green')]
  if (after === undefined) return [span(`${path}: `), span(`- ${literal(before)}`, 'red')]
  return [span(`${path}: `), span(literal(before), 'red'), span(' → '), span(literal(after), 'green')]
}

function operationText({ slot, sign, text, argument }: Operation): Rich {
  if (sign === '') return [span(`${slot}: ${text}(${argument === null ? '' : literal(argument)})`)]
  return [span(`${slot}: `), span(`${sign} ${literal(argument)}`, sign === '+' ? 'green' : 'red')]
}

/** Messages that say the same to several nodes are drawn and told together. */
function alike(messages: readonly Message[]): Message[][] {
  const groups: Message[][] = []
  for (const message of messages) {
    const group = groups.find(([other]) => other !== undefined && other.from === message.from && sameJson(other.content, message.content))
    if (group === undefined) groups.push([message])
    else group.push(message)
  }
  return groups
}

function sendLane(lanes: Lanes, group: readonly Message[]): Rich {
  const from = group[0]?.from ?? null
  return from === null ? lanes.row() : lanes.row({ arrow: { kind: 'sent', from, to: group.map(({ to }) => to) } })
}

function sendText(group: readonly Message[], named: boolean, nameOf: (lane: number) => string): Rich {
  const names = group.flatMap(({ name, to, from }, i) => {
    const addressee = ` to ${to === from ? 'itself' : nameOf(to)}${i === group.length - 1 ? ': ' : ', '}`
    return [span(name, 'yellow'), span(addressee)]
  })
  return [...(named ? [span('sends ')] : []), ...names, span(literal(group[0]?.content ?? null))]
}

function arrowOf({ from, to }: Message, kind: Arrow['kind']): Arrow {
  return { kind, from: from ?? to, to: [to] }
}

function below(lane: Rich, text: Rich): Row {
  return { lane, text, indent: 2 }
}

function listed(nodes: readonly string[]): string {
  return nodes.length < 2 ? nodes.join('') : `${nodes.slice(0, -1).join(', ')} and ${nodes.at(-1)}`
}
