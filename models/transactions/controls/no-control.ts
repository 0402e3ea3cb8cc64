/** No control: everybody reads and writes the newest version in place. Not even the read and the write of one statement belong together. */
import { committed, installed, newest } from '../database.ts'
import { type ConcurrencyControl, granted, rowByRow, sees } from './control.ts'

const read = (db: Parameters<ConcurrencyControl['read']>[0], _t: unknown, key: Parameters<ConcurrencyControl['read']>[2]) =>
  sees(db, [key], () => newest(db, key))

export const noControl: ConcurrencyControl = {
  begin: (db) => db,
  read,
  readRows: rowByRow(read),
  write: (db, t, key) => granted(installed(db, t, key)),
  commit: (db, t) => granted(committed(db, t)),
}
