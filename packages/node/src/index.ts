export type { TracingOptions } from '@callchain/core'
export type { ListenerOptions } from './listener-options.ts'
export { traceListener } from './trace-listener.ts'
export { traceServer } from './trace-server.ts'
