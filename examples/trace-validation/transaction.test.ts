import { twoPhaseCommit } from 'counterpoint/models'
import { type LogEvent, validate } from 'counterpoint/traces'
import { expect, it } from 'vitest'
import 'counterpoint/vitest'
import { runTransaction } from './transaction.ts'

const options = { constants: { resourceManagers: 3 } }

it('commits as the model does, also when messages arrive twice', async () => {
  expect(await logOf({ votes: ['yes', 'yes', 'yes'] })).toBeExplainedBy(twoPhaseCommit, options)
  expect(await logOf({ votes: ['yes', 'yes', 'yes'], copies: 2 })).toBeExplainedBy(twoPhaseCommit, options)
})

it('aborts as the model does when one refuses, also when messages arrive twice', async () => {
  const log = await logOf({ votes: ['yes', 'yes', 'no'], copies: 2 })
  expect(log).toContainEqual({ action: 'abort', state: { tm: 'aborted' } })
  expect(log).toBeExplainedBy(twoPhaseCommit, options)
})

it('is explained by what the participants alone have logged', async () => {
  const log = (await logOf({ votes: ['yes', 'yes', 'yes'] })).filter(({ state }) => state !== undefined && !('tm' in state))
  expect(log).toHaveLength(6)
  expect(log).toBeExplainedBy(twoPhaseCommit, { ...options, hidden: ['receivePrepared', 'commit', 'abort'] })
})

it('cannot commit when votes are counted rather than voters, and the log says where it did', async () => {
  const log = await logOf({ votes: ['yes', 'yes', 'no'], copies: 2, countsVotes: true })
  const { verdict, explained, failure } = validate(twoPhaseCommit, log, options)
  expect({ verdict, explained, event: failure?.event }).toEqual({
    verdict: 'impossible',
    explained: 6,
    event: { action: 'commit', state: { tm: 'committed' } },
  })
  expect(() => expect(log).toBeExplainedBy(twoPhaseCommit, options)).toThrow(
    /impossible: log, event 7 commit[\s\S]*commit is not enabled there/,
  )
})

async function logOf(run: Parameters<typeof runTransaction>[0]): Promise<LogEvent[]> {
  const log: LogEvent[] = []
  await runTransaction(run, (event) => log.push(event))
  return log
}
