import type { Target } from 'counterpoint/traces'
import { LeaseLock } from './lease-lock.ts'
import { leaseOn } from './lease-on.ts'

const right: Target = leaseOn('LeaseLock', LeaseLock)
export default right
