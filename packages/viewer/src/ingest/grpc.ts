/** What someone who sends OTLP over gRPC to the port for HTTP has to change; `grpcUrl` is where gRPC is received, or ''. */
export function explainGrpc(grpcUrl: string): string {
  const other = grpcUrl === '' ? 'use the exporter for http' : `send it to ${grpcUrl}`
  return `This port takes OTLP over HTTP, but received OTLP over gRPC: set OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf, or ${other}.`
}

const PREFACE = 'PRI * HTTP/2.0'

/** True when the first bytes of a connection begin HTTP/2, as gRPC does. */
export function isHttp2Preface(packet: unknown): packet is Uint8Array {
  if (!(packet instanceof Uint8Array)) return false
  return Buffer.from(packet).toString('latin1', 0, PREFACE.length) === PREFACE
}
