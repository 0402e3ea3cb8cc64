export { fileChunks } from './file-chunks.ts'
export { type Format, type FormatName, formats, listFormats } from './formats.ts'
export type { Ties } from './polylin.ts'
export { type OpenHistory, openHistory, type ReadHistory, type ReadOptions, readHistory, readHistoryFile } from './read.ts'
export {
  type ReadTransactions,
  type ReadTransactionsOptions,
  readTransactions,
  readTransactionsFile,
  type TransactionModel,
} from './read-transactions.ts'
export { type WrittenFormat, writeHistory } from './write.ts'
