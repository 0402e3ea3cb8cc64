/** Verdicts side by side. */
import type { Table } from '../../checker/index.ts'

export const tables: Readonly<Record<string, Table>> = {}
