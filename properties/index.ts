/** `counterpoint/properties`: histories of real and modelled systems. */
export { type Completion, type History, type HistoryEvent, type HistoryOperation, operations } from './history.ts'
