export type { GrpcRequest } from './grpc-request.ts'
export { traceGrpc } from './trace-grpc.ts'
export { traceGrpcServer } from './trace-grpc-server.ts'
export { type GrpcServerOptions, tracing } from './tracing.ts'
