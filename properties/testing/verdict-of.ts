/** The verdict on a history that is written down in one line. */
import type { Spec } from '../spec.ts'
import type { Value } from '../value.ts'
import { judge } from '../verify.ts'
import { recorded } from './recorded.ts'

/** Judges a history such as `0 write 1, 0 ok, 0 read, 0 ok 1` by the general search and, where there is one, by a monitor: both agree. */
export function verdictOf<S extends Value>(spec: Spec<S>, text: string, initial?: Value): string {
  const from = initial === undefined ? {} : { initial }
  const { verdict } = judge(recorded(text), spec, { ...from, algorithm: 'general' })
  const automatic = judge(recorded(text), spec, from).verdict
  return automatic === verdict ? verdict : `${verdict} in general, ${automatic} by a monitor`
}

/** Operations of one client, one after the other: `write 1; read = 1; cas [1,2] fails; read ?; write 3 crashes`. */
export function sequenceOf(text: string): string {
  return text
    .split('; ')
    .map((operation, i) => {
      const [, call = '', end = ''] = /^(.*?)( = .*| fails| \?| crashes)?$/.exec(operation) ?? []
      // A client that crashed is followed by another.
      const process = text
        .split('; ')
        .slice(0, i)
        .filter((earlier) => earlier.endsWith(' crashes')).length
      const value = end.startsWith(' = ') ? ` ${end.slice(3)}` : end === ' ?' ? ' ?' : ''
      if (end === ' crashes') return `${process} ${call}`
      return `${process} ${call}, ${process} ${end === ' fails' ? 'fail' : 'ok'}${value}`
    })
    .join(', ')
}
