import { decode } from '../otlp/protocol.ts'
import { type Answer, ask, viewerForTests } from '../request.ts'

// A busy machine takes its time; nothing here waits for a time of its own.
jest.setTimeout(180_000)

const PROTOBUF = { 'content-type': 'application/x-protobuf' }
const JSON_TYPE = { 'content-type': 'application/json' }

describe('An export that is refused before it is read', () => {
  const open = viewerForTests()
  const closed = viewerForTests({ token: 'secret' })
  const post = (url: string, headers: Record<string, string>): Promise<Answer> =>
    ask(`${url}/v1/traces`, { method: 'POST', headers, body: Buffer.alloc(0) })

  it('gets a google.rpc.Status in its own format', async () => {
    const refusals = [
      [closed, {}, 401, 16, /token/],
      [open, { host: 'evil.example' }, 403, 7, /not an address of this machine/],
      [open, { origin: 'http://evil.example' }, 403, 7, /Pages from other machines/],
    ] as const
    for (const [viewer, headers, status, code, message] of refusals) {
      const binary = await post(viewer.url, { ...PROTOBUF, ...headers })
      expect([binary.status, binary.headers['content-type']]).toEqual([
        status,
        'application/x-protobuf',
      ])
      expect(decode('RpcStatus', binary.bytes)).toMatchObject({
        code,
        message: expect.stringMatching(message),
      })
      const inJson = await post(viewer.url, { ...JSON_TYPE, ...headers })
      expect([inJson.status, inJson.json]).toEqual([
        status,
        { code, message: expect.stringMatching(message) },
      ])
    }
  })

  it('still learns how to give the token, and which methods there are', async () => {
    expect((await post(closed.url, PROTOBUF)).headers['www-authenticate']).toBe('Bearer')
    const { status, headers } = await ask(`${open.url}/v1/traces`)
    expect([status, headers.allow]).toEqual([405, 'POST, OPTIONS'])
  })
})
