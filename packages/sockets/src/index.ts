export type { SocketMessage, SocketOptions } from './connection/options.ts'
export { traceSocketIo } from './socket.io.ts'
export { traceWebSocketServer } from './ws.ts'
