export { findViewer, type RunningViewer } from './find-viewer.ts'
export type { ImportResult } from './server/transfer-routes.ts'
export { startViewer } from './start-viewer.ts'
export type { Viewer, ViewerOptions } from './viewer-options.ts'
