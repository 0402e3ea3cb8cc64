/** MariaDB with InnoDB, for traces of transactions. */

import type { Workplace } from '../servers/workplace.ts'
import { SqlTransactions } from '../sql/sql-transactions.ts'
import { openInWorkplace, required, type Target } from '../target.ts'
import { transactionsPlan } from '../transactions/plan.ts'
import { MariadbPlace, mariadbLevels } from './mariadb-place.ts'
import { connectTo, MariadbServer, mariadbPrograms, mariadbRemedy } from './mariadb-server.ts'

const usualLevel = 'repeatable read'

export const mariadbTarget: Target = {
  name: 'mariadb',
  about: 'MariaDB with InnoDB, a private server or one of yours',
  models: ['transactions'],
  levels: [usualLevel, ...mariadbLevels.filter((level) => level !== usualLevel)],
  missing: () => (mariadbPrograms() === null ? mariadbRemedy : null),
  plan: transactionsPlan,
  open: (options) =>
    openInWorkplace('mariadb', options, async ({ workplace, name }) => {
      const { url, level = usualLevel, keep } = options
      const place = await MariadbPlace.in(await connector(url, workplace), name)
      return { adapter: new SqlTransactions(place, level, keep), where: place.where }
    }),
}

async function connector(url: string | undefined, workplace: () => Workplace): Promise<() => ReturnType<typeof connectTo>> {
  if (url !== undefined) return () => connectTo({ uri: url })
  const { port } = await MariadbServer.start(workplace(), required(mariadbPrograms(), mariadbRemedy))
  return () => connectTo({ port })
}
