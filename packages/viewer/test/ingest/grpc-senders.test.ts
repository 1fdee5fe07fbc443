import { once } from 'node:events'
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2'
import { connect, type Socket } from 'node:net'
import { ask, viewerForTests } from '../request.ts'

// A busy machine takes its time; nothing here waits for a time of its own.
jest.setTimeout(180_000)

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'
const frame = (type: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer => {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head.writeUInt8(type, 3)
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}
const SETTINGS = frame(4, 0)

// An error before it is no matter here.
const closeOf = (each: ClientHttp2Session | Socket): Promise<void> =>
  new Promise((resolve) => each.once('close', () => resolve()))

describe('OTLP over gRPC', () => {
  const viewer = viewerForTests()
  const open: (ClientHttp2Session | Socket)[] = []
  afterEach(() => {
    for (const each of open.splice(0)) each.destroy()
  })
  const session = (): ClientHttp2Session => {
    const made = connectHttp2(viewer.url).on('error', () => {})
    open.push(made)
    return made
  }
  const rawSocket = async (): Promise<Socket> => {
    const socket = connect(Number(new URL(viewer.url).port), '127.0.0.1').on('error', () => {})
    open.push(socket)
    await once(socket, 'connect')
    return socket
  }

  it('is answered, in the log of its sender, with what to change', async () => {
    const call = session().request({
      ':method': 'POST',
      ':path': '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
      'content-type': 'application/grpc',
      te: 'trailers',
    })
    call.on('error', () => {})
    call.end(Buffer.alloc(100_000))
    const [headers] = await once(call, 'response')
    expect(headers).toMatchObject({
      ':status': 200,
      'content-type': 'application/grpc',
      'grpc-status': '12',
      'grpc-message': expect.stringMatching(/set OTEL_EXPORTER_OTLP_PROTOCOL=http\/protobuf/),
    })
    const { hints } = (await ask(`${viewer.url}/api/local/receiver`)).json
    expect(hints).toContainEqual(expect.objectContaining({ code: 'grpc' }))
  })

  it('is answered on each new connection of a sender', async () => {
    for (let round = 0; round < 3; round++) {
      const client = session()
      const closed = closeOf(client)
      const call = client.request({ ':method': 'POST', ':path': '/x' }).on('error', () => {})
      const [headers] = await once(call, 'response')
      expect(headers['grpc-status']).toBe('12')
      await closed
    }
  })

  it('is understood in whatever pieces it comes', async () => {
    const socket = await rawSocket()
    socket.setNoDelay(true)
    socket.write(PREFACE + SETTINGS.toString('latin1'), 'latin1')
    // Whoever has read our settings knows that the next piece comes by itself.
    await once(socket, 'data')
    let answer = Buffer.alloc(0)
    socket.on('data', (bytes: Buffer) => {
      answer = Buffer.concat([answer, bytes])
    })
    const closed = closeOf(socket)
    const call = frame(1, 5, Buffer.from([0x83]))
    for (const byte of call) socket.write(Buffer.from([byte]))
    await closed
    const stream = answer.readUInt32BE(5)
    expect([answer[3], stream]).toEqual([1, 5])
    expect(answer.toString('latin1')).toContain('grpc-status')
  })

  it('gets a GOAWAY that says so when it makes no call, or writes no frames', async () => {
    for (const rest of [Buffer.alloc(0), SETTINGS, Buffer.alloc(200_000, 0xff)]) {
      const socket = await rawSocket()
      let answer = ''
      socket.on('data', (bytes: Buffer) => {
        answer += bytes.toString('latin1')
      })
      const closed = closeOf(socket)
      socket.write(Buffer.concat([Buffer.from(PREFACE), rest]))
      await closed
      expect(answer).toContain('OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf')
    }
    expect((await ask(`${viewer.url}/health`)).status).toBe(200)
  })
})
