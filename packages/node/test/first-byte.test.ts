import { createServer, get, type ServerResponse } from 'node:http'
import { traceListener } from '@callchain/node'
import { createRecorder, type Recorder } from '@callchain/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { closeAll, listening } from './listening.ts'

const TIME = 'callchain.http.time_to_first_byte'

let recorder: Recorder
beforeEach(() => {
  recorder = createRecorder()
})
afterEach(async () => {
  closeAll()
  await recorder.shutdown()
})

async function timeOf(accept: string, answer: (res: ServerResponse) => void): Promise<unknown> {
  const port = await listening(createServer(traceListener((_req, res) => answer(res))))
  get({ port, host: '127.0.0.1', headers: { accept } }, (res) => void res.resume())
  const [span] = await recorder.waitFor(1)
  return span?.attributes[TIME]
}

describe('the span of a stream of events', () => {
  it('says how long the first byte took, and lasts until the last', async () => {
    const time = await timeOf('text/event-stream', (res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
      setTimeout(() => {
        res.write('data: 1\n\n')
        expect(Object.hasOwn(res, 'write')).toBe(false)
        setTimeout(() => res.end('data: 2\n\n'), 20)
      }, 10)
    })

    expect(time).toBeGreaterThan(8)
    const [span] = recorder.spans()
    const [seconds, nanos] = span?.duration ?? [0, 0]
    expect(seconds * 1000 + nanos / 1e6).toBeGreaterThan(Number(time) + 15)
  })

  it('has nothing of the kind where the answer is another, or nobody asked for events', async () => {
    const page = (res: ServerResponse): void => {
      res.setHeader('content-type', 'text/html')
      res.write('<p>')
      res.end()
    }
    expect(await timeOf('text/event-stream', page)).toBeUndefined()
    recorder.reset()
    expect(await timeOf('text/html', page)).toBeUndefined()
  })
})
