import { equal, showValue } from '../../../properties/index.ts'
import { completed, field, judgedBy, type Workload } from './workload.ts'

export const echo: Workload = {
  name: 'echo',
  about: 'a node answers with what it was sent',
  operations: (random, count) => Array.from({ length: count }, (_, i) => ({ f: 'echo', value: `please echo ${i} ${random(1000)}` })),
  request: ({ value }) => ({ type: 'echo', echo: value }),
  answer: (_, reply) => field(reply, 'echo', 'echo_ok'),
  final: [],
  judge: ({ history }) => {
    const calls = completed(history, 'echo')
    const wrong = calls.filter(({ argument, result }) => !equal(argument, result))
    return judgedBy(
      'every answer is what was sent',
      wrong.map(({ process, argument, result }) => `${process} sent ${showValue(argument)} and was answered ${showValue(result)}`),
      `${calls.length} answers are what was sent`,
    )
  },
}
