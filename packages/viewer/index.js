// One copy of the code for both module systems: it halves the package, and no process holds two viewers.
export { createTraceStore, findViewer, normaliseStatement, startViewer } from './dist/cjs/index.js'
