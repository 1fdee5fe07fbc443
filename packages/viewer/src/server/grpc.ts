import type { Duplex } from 'node:stream'

/** What someone who sends OTLP over gRPC to this port has to change. */
export const GRPC_EXPLAINED =
  'OTLP over gRPC was sent to this port, which speaks OTLP over HTTP: set OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf, or use the exporter for http.'

const PREFACE = 'PRI * HTTP/2.0'
const SETTINGS = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])
const HTTP_1_1_REQUIRED = 0xd

/** True when the first bytes of a connection begin HTTP/2, as gRPC does. */
export function isHttp2Preface(packet: unknown): boolean {
  if (!(packet instanceof Uint8Array)) return false
  return Buffer.from(packet).toString('latin1', 0, PREFACE.length) === PREFACE
}

/** Ends an HTTP/2 connection with a GOAWAY that says why (RFC 9113, section 6.8). */
export function refuseHttp2(socket: Duplex): void {
  const text = Buffer.from(GRPC_EXPLAINED)
  const goAway = Buffer.alloc(17)
  goAway.writeUIntBE(8 + text.length, 0, 3)
  goAway.writeUInt8(7, 3)
  goAway.writeUInt32BE(HTTP_1_1_REQUIRED, 13)
  socket.end(Buffer.concat([SETTINGS, goAway, text]))
}
