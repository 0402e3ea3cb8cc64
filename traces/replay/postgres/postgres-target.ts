/** PostgreSQL, for traces of transactions. */

import type { Workplace } from '../servers/workplace.ts'
import { SqlTransactions } from '../sql/sql-transactions.ts'
import { openInWorkplace, required, type Target } from '../target.ts'
import { transactionsPlan } from '../transactions/plan.ts'
import { PostgresPlace, postgresLevels } from './postgres-place.ts'
import { connect, PostgresServer, postgresPrograms, postgresRemedy } from './postgres-server.ts'

const usualLevel = 'read committed'

export const postgresTarget: Target = {
  name: 'postgres',
  about: 'PostgreSQL, a private server or one of yours',
  models: ['transactions'],
  levels: [usualLevel, ...postgresLevels.filter((level) => level !== usualLevel)],
  missing: () => (postgresPrograms() === null ? postgresRemedy : null),
  plan: transactionsPlan,
  open: (options) =>
    openInWorkplace('postgres', options, async ({ workplace, name }) => {
      const { url, level = usualLevel, keep } = options
      const place = await PostgresPlace.in(await connector(url, workplace), name)
      return { adapter: new SqlTransactions(place, level, keep), where: place.where }
    }),
}

async function connector(url: string | undefined, workplace: () => Workplace): Promise<() => ReturnType<typeof connect>> {
  if (url !== undefined) return () => connect({ connectionString: url })
  const { port } = await PostgresServer.start(workplace(), required(postgresPrograms(), postgresRemedy))
  return () => connect({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres' })
}
