/** What is known of an operation: who, when, where in the order, and the states before and after it. */
import type { JSX } from 'preact'
import type { HistoryObject, HistoryOperation, OrderPlace } from '../../document.ts'
import { timeText } from '../bars/text.ts'

interface Properties {
  readonly operation: HistoryOperation
  readonly object: HistoryObject
  /** Null: it is not in the order. */
  readonly place: OrderPlace | null
}

export function OperationDetails({ operation, object, place }: Properties): JSX.Element {
  const { id, text, process, call, return: end, callTime, returnTime, isCore } = operation
  const { order, failing, possible } = object
  const isFailing = id === failing
  const rows: readonly (readonly [string, string])[] = [
    ['process', process],
    ['called', `event ${call}${callTime === null ? '' : `, at ${timeText(callTime)}`}`],
    ['returned', end === null ? 'never' : `event ${end}${returnTime === null ? '' : `, at ${timeText(returnTime)}`}`],
    ...(callTime === null || returnTime === null ? [] : [['took', timeText(returnTime - callTime)] as const]),
    ...(order === null
      ? []
      : [['in the order', place === null ? whyNot(operation, object) : `${place.position} of ${order.length}`] as const]),
    ...(place === null ? [] : [['state before', place.before ?? 'not told'] as const, ['state after', place.after ?? 'not told'] as const]),
    ...(isFailing && possible.length > 0 ? [['possible states then', possible.join(' or ')] as const] : []),
  ]
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard (WCAG 2.1.1)
    <section class="beside details" tabIndex={0} aria-label="operation">
      <div role="status">
        <h2>
          <code>
            <bdi>{text}</bdi>
          </code>
        </h2>
        {isFailing && <p class="bad-word">✗ {failingWords(order)}</p>}
        {isCore && !isFailing && <p class="core-word">matters: it is part of the contradiction</p>}
        <dl>
          {rows.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <bdi>{value}</bdi>
              </dd>
            </div>
          ))}
        </dl>
      </div>
    </section>
  )
}

/** Not every level is about an order. */
export function failingWords(order: HistoryObject['order']): string {
  return order === null ? 'cannot be explained' : 'cannot be placed'
}

function whyNot({ id, return: end, call }: HistoryOperation, { failing, operations, order }: HistoryObject): string {
  if (id === failing) return 'nowhere'
  const fails = operations.find((one) => one.id === failing)
  if (order !== null && !order.isWhole && fails?.return != null && call > fails.return) return 'after the one that cannot be placed'
  return end === null ? 'not in it: it need not have happened' : 'not in it'
}
