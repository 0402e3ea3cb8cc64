/** The explorer: walk the state space of a model in a browser. */
export { openBrowser } from './open-browser.ts'
export { type ExplorerOptions, type RunningExplorer, startExplorer } from './server.ts'
