/** `counterpoint`: define models and check them. */
export { check, explore } from './check.ts'
export { isUserError, UserError } from './errors.ts'
export { judgeLasso, type LassoRun, unfairness } from './judge-lasso.ts'
export type { Fairness } from './language/actions.ts'
export type { ConstantInfo } from './language/constants.ts'
export { describeConstants } from './language/constants.ts'
export type { Json } from './language/json.ts'
export { type Bug, type Column, defineModel, type Instance, isModel, type Model, type Table, type Variant } from './language/model.ts'
export { type MonitorDraft, type MonitorKind, type MonitorView, monitor } from './language/monitors.ts'
export { type Envelope, type NetworkDraft, type NetworkOptions, type NetworkView, network } from './language/network.ts'
export { type Program, type ProgramOptions, program } from './language/program.ts'
export type { Judgement, LivenessKind, Property } from './language/properties.ts'
export type { Call, Party, Role, StepTaken } from './language/roles.ts'
export {
  type AccumulatorKind,
  accumulator,
  anyOf,
  bag,
  bags,
  cell,
  cells,
  type FamilyDraft,
  type FamilySlot,
  type FamilyView,
  fifo,
  fifos,
  type Id,
  ids,
  type Slot,
  type SlotAccess,
  set,
  sets,
} from './language/slots.ts'
export type { StateDraft, StateView } from './language/state.ts'
export type { CheckOptions, CheckResult, Guarantee, Limit, Progress, PropertyResult, Verdict, Violation } from './result.ts'
export { type Effect, type Finding, type Simulation, type State, simulation, type Transition } from './simulation.ts'
export {
  type CellCheck,
  type CellVerdict,
  judgeTable,
  judgingTable,
  requireTables,
  type TableCell,
  type TableOptions,
  type TableProgress,
  type TableResult,
} from './table.ts'
export type { PropertyKind, Step, Strategy, Trace, TraceKind } from './trace.ts'
