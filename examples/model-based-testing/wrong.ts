import type { Target } from 'counterpoint/traces'
import { HastyLeaseLock } from './lease-lock.ts'
import { leaseOn } from './lease-on.ts'

const wrong: Target = leaseOn('HastyLeaseLock', HastyLeaseLock)
export default wrong
