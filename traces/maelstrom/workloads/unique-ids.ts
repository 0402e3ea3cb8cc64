import { keyOf, showValue } from '../../../properties/index.ts'
import { type Completed, completed, field, judgedBy, type Workload } from './workload.ts'

export const uniqueIds: Workload = {
  name: 'unique-ids',
  about: 'nodes make identifiers, no two of which are the same',
  operations: (_, count) => Array.from({ length: count }, () => ({ f: 'generate', value: null })),
  request: () => ({ type: 'generate' }),
  answer: (_, reply) => field(reply, 'id', 'generate_ok'),
  final: [],
  judge: ({ history }) => {
    const calls = completed(history, 'generate')
    const first = new Map<string, Completed>()
    const problems: string[] = []
    for (const call of calls) {
      const before = first.get(keyOf(call.result))
      if (before === undefined) first.set(keyOf(call.result), call)
      else problems.push(`the identifier ${showValue(call.result)} was given to ${before.process} and again to ${call.process}`)
    }
    return judgedBy('no two identifiers are the same', problems, `${calls.length} identifiers are all different`)
  },
}
