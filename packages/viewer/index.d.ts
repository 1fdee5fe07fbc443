export {
  createTraceStore,
  findViewer,
  type ImportResult,
  type KeptSpan,
  type KeptTraces,
  type RunningViewer,
  startViewer,
  type Viewer,
  type ViewerOptions,
} from './dist/cjs/index.js'
