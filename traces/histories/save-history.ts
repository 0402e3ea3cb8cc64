/** Writes recorded histories to files that are there whole or not at all. */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { History } from '../../properties/history.ts'
import { writeWhole } from '../whole-file.ts'
import { nilIsValue, type WrittenFormat, writeHistory } from './write.ts'

/**
 * Writes a history, and makes the folder that it is in.
 * @param format by default Jepsen's EDN where the path ends in `.edn`, else the format of this package
 */
export function saveHistory(
  history: History,
  path: string,
  format: WrittenFormat = path.endsWith('.edn') ? 'jepsen-edn' : 'counterpoint',
): void {
  // Jepsen's programs take this line for a comment; ours knows by it that a nil which a client has seen is one.
  const text = `${format === 'jepsen-edn' ? `${nilIsValue}\n` : ''}${writeHistory(history, format)}`
  mkdirSync(dirname(path), { recursive: true })
  writeWhole(path, text)
}
