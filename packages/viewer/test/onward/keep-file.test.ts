import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { startViewer } from '../../src/public/start-viewer.ts'
import type { Viewer, ViewerOptions } from '../../src/public/viewer-options.ts'
import { commandForTests, urlOf } from '../cli/callchain-command.ts'
import { ask, sendSpans } from '../request.ts'
import { traceId } from '../spans.ts'

const { callchain } = commandForTests()
let folder = ''
let viewers: Viewer[] = []
const file = (name: string) => join(folder, name)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callchain-keep-'))
})
afterEach(async () => {
  await Promise.all(viewers.map((viewer) => viewer.close()))
  viewers = []
})
afterAll(() => rm(folder, { recursive: true }))

async function start(name: string, more: ViewerOptions = {}): Promise<Viewer> {
  const viewer = await startViewer({ port: 0, keep: file(name), ...more })
  viewers.push(viewer)
  return viewer
}
async function stop(viewer: Viewer): Promise<void> {
  viewers = viewers.filter((each) => each !== viewer)
  await viewer.close()
}
const read = async (url: string, path: string) => (await ask(`${url}/api/local/${path}`)).json
const idsOf = async ({ url }: { url: string }): Promise<string[]> =>
  (await read(url, 'traces')).traces.map(({ id }: { id: string }) => id).sort()
/** Waits until the file says something. */
async function written(name: string, text: string): Promise<string> {
  for (;;) {
    const now = await readFile(file(name), 'utf8').catch(() => '')
    if (now.includes(text)) return now
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

const JSON_TYPE = { 'content-type': 'application/json' }

describe('A viewer that keeps what comes in a file', () => {
  it('begins with it the next time, to the nanosecond and with its log lines', async () => {
    const first = await start('all')
    await sendSpans(first.url, [
      { trace: 1, id: 1, name: 'GET /', took: 1.234567, attributes: { a: 'b' }, error: 'no' },
      {
        trace: 1,
        id: 2,
        parent: 1,
        links: [{ trace: 9, span: 9 }],
        events: [{ name: 'e', at: 1 }],
      },
    ])
    const logRecords = [{ traceId: traceId(1), severityNumber: 17, body: { stringValue: 'said' } }]
    const body = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] })
    await ask(`${first.url}/v1/logs`, { method: 'POST', headers: JSON_TYPE, body })
    const before = [
      await read(first.url, `traces/${traceId(1)}.json`),
      await read(first.url, `traces/${traceId(1)}/logs`),
    ]
    expect((await read(first.url, 'receiver')).keep).toBe(file('all'))
    await stop(first)
    expect(existsSync(`${file('all')}.lock`)).toBe(false)
    const second = await start('all')
    const after = [
      await read(second.url, `traces/${traceId(1)}.json`),
      await read(second.url, `traces/${traceId(1)}/logs`),
    ]
    expect(after).toEqual(before)
    expect((await read(second.url, 'stats')).spans).toBe(2)
  })

  it('puts pieces of Zipkin spans together, also over a restart', async () => {
    const piece = (more: object) => [{ traceId: 'a'.repeat(16), id: 'b'.repeat(16), ...more }]
    const post = ({ url }: Viewer, spans: object[]) =>
      ask(`${url}/api/v2/spans`, {
        method: 'POST',
        headers: JSON_TYPE,
        body: JSON.stringify(spans),
      })
    const first = await start('pieces')
    await post(first, piece({ tags: { one: '1' } }))
    await post(first, piece({ name: 'get', timestamp: 1_795_365_007_000_000, duration: 5000 }))
    await stop(first)
    const second = await start('pieces')
    const { spans } = await read(second.url, `traces/${'a'.repeat(16)}`)
    expect(spans).toMatchObject([{ name: 'get', duration: 5, attributes: { one: '1' } }])
  })

  it('survives to be killed, and leaves out a line that was cut off', async () => {
    const run = callchain(['--port', '0', '--keep', file('killed')])
    const url = await urlOf(run)
    await sendSpans(url, [{ trace: 3, id: 1, name: 'kept' }])
    await written('killed', 'kept')
    run.child.kill('SIGKILL')
    await once(run.child, 'close')
    await appendFile(file('killed'), '{"resourceSpans":[{"resou')
    const again = await start('killed')
    expect(await idsOf(again)).toEqual([traceId(3)])
    await sendSpans(again.url, [{ trace: 4, id: 1, name: 'and more' }])
    await stop(again)
    for (const line of (await readFile(file('killed'), 'utf8')).trim().split('\n'))
      expect(() => JSON.parse(line)).not.toThrow()
    expect(await idsOf(await start('killed'))).toEqual([traceId(3), traceId(4)])
  })

  it('is bounded: it is written anew with what the store holds', async () => {
    const viewer = await start('bounded', { maxSpans: 20 })
    const note = 'x'.repeat(60_000)
    for (let trace = 1; trace <= 700; trace++)
      await sendSpans(viewer.url, [{ trace, id: 1, name: `n${trace}`, attributes: { note } }])
    await written('bounded', '"n700"')
    // 700 of them are 42 MB; the store holds 20 of them, and 16 MiB may come on top of twice that.
    expect((await stat(file('bounded'))).size).toBeLessThan(22_000_000)
    await stop(viewer)
    const again = await start('bounded', { maxSpans: 20 })
    expect((await idsOf(again)).at(-1)).toBe(traceId(700))
  })

  it('forgets everything when it is told to', async () => {
    const viewer = await start('forgotten')
    await sendSpans(viewer.url, [{ trace: 5, id: 1, name: 'secret' }])
    await written('forgotten', 'secret')
    await ask(`${viewer.url}/api/local/traces`, { method: 'DELETE' })
    await sendSpans(viewer.url, [{ trace: 6, id: 1, name: 'later' }])
    await stop(viewer)
    const text = await readFile(file('forgotten'), 'utf8')
    expect([text.includes('secret'), text.includes('later')]).toEqual([false, true])
  })

  it('has the file for itself, but not after its process has ended', async () => {
    await start('taken')
    await expect(start('taken')).rejects.toThrow(
      `taken is kept in by the viewer of process ${process.pid} already.`,
    )
    await writeFile(`${file('stale')}.lock`, '99999999')
    await stop(await start('stale'))
  })

  it('says why it cannot start when the file cannot be', async () => {
    await expect(start('no/such/folder')).rejects.toThrow('.lock cannot be written: ENOENT')
    await expect(startViewer({ port: 0, keep: folder })).rejects.toThrow('cannot be kept in')
  })
})
