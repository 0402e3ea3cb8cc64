/** The workloads, by name, in the order in which they are listed to people. */
import { growOnlyCounter, plusMinusCounter } from './counters.ts'
import { echo } from './echo.ts'
import { kafka } from './kafka.ts'
import { linKv } from './lin-kv.ts'
import { broadcast, growOnlySet } from './sets.ts'
import { txnListAppend } from './txn-list-append.ts'
import { uniqueIds } from './unique-ids.ts'
import type { Workload } from './workload.ts'

export const workloads: ReadonlyMap<string, Workload> = new Map(
  [echo, uniqueIds, broadcast, growOnlySet, growOnlyCounter, plusMinusCounter, kafka, linKv, txnListAppend].map((one) => [one.name, one]),
)
