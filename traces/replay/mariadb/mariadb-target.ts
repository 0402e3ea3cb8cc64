/** MariaDB with InnoDB, for traces of transactions. */
import { UserError } from '../../../checker/index.ts'
import type { Workplace } from '../servers/workplace.ts'
import { SqlTransactions } from '../sql/sql-transactions.ts'
import { openInWorkplace, required, type Target } from '../target.ts'
import { transactionsPlan } from '../transactions/plan.ts'
import { MariadbPlace, mariadbLevels, mariadbModes } from './mariadb-place.ts'
import { connectTo, MariadbServer, mariadbPrograms, mariadbRemedy } from './mariadb-server.ts'

const usualLevel = 'repeatable read'

export const mariadbTarget: Target = {
  name: 'mariadb',
  about: 'MariaDB with InnoDB, a private server or one of yours',
  models: ['transactions'],
  levels: [usualLevel, ...mariadbLevels.filter((level) => level !== usualLevel), ...Object.keys(mariadbModes)],
  missing: () => (mariadbPrograms() === null ? mariadbRemedy : null),
  plan: transactionsPlan,
  open: (options) =>
    openInWorkplace('mariadb', options, async ({ workplace, name }) => {
      const { url, level = usualLevel, keep } = options
      const place = await MariadbPlace.in(await connector(url, workplace, level), name)
      return { adapter: new SqlTransactions(place, level, keep), where: place.where }
    }),
}

/** @throws UserError `bad-option` for a server of the user's that would have to be started in another way */
async function connector(url: string | undefined, workplace: () => Workplace, level: string): Promise<() => ReturnType<typeof connectTo>> {
  const mode = mariadbModes[level]
  if (url !== undefined && mode !== undefined)
    throw new UserError('bad-option', `${level} is how a server is started (${mode.join(' ')}); leave --target out`)
  if (url !== undefined) return () => connectTo({ uri: url })
  const { port } = await MariadbServer.start(workplace(), required(mariadbPrograms(), mariadbRemedy), mode)
  return () => connectTo({ port })
}
