import { describe, expect, it } from '@jest/globals'
import { headlineOf } from '../../src/analysis/headline/headline.ts'
import { toMarkdown } from '../../src/analysis/write-markdown.ts'
import { createQuietTraces } from '../../src/cli/quiet-traces.ts'
import type { TraceSummary } from '../../src/contract/trace-list.ts'
import { ask, sendSpans, viewerForTests } from '../request.ts'
import { storeOf, type TestSpan, traceId } from '../spans.ts'
import { commandForTests } from './callchain-command.ts'
import { commandInProcess } from './main-in-process.ts'

const viewer = viewerForTests()
const run = commandInProcess()
const { callchain } = commandForTests()

const db = (text: string) => ({ 'db.system.name': 'postgresql', 'db.query.text': text })
const STOCK = 'SELECT n FROM stock WHERE id = $1'
const usually: TestSpan[] = Array.from({ length: 12 }, (_, at) => [
  ...[{ trace: 100 + at, id: 1, service: 'gateway', name: 'GET /items', took: 10 }],
  ...[{ trace: 100 + at, id: 2, parent: 1, name: 'q', at: 1, took: 2, attributes: db(STOCK) }],
]).flat()
const slow: TestSpan[] = [
  { trace: 200, id: 1, service: 'gateway', name: 'GET /items', took: 500 },
  { trace: 200, id: 2, parent: 1, name: 'q', at: 1, took: 480, attributes: db(STOCK) },
]
const failing = (trace: number, order: number): TestSpan[] => [
  { trace, id: 1, service: 'gateway', name: 'POST /orders', kind: 'server', took: 40, error: true },
  ...Array.from({ length: 20 }, (_, at) => ({
    ...{ trace, id: 50 + at, parent: 1, name: 'SELECT', at: 1 + at, took: 0.5 },
    attributes: db('SELECT * FROM item WHERE id = $1'),
  })),
  {
    ...{ trace, id: 2, parent: 1, service: 'inventory', name: 'query', at: 25, took: 10 },
    error: `order ${order}000000 has no stock`,
    attributes: { ...db('UPDATE shelf SET n = n - 1'), 'db.response.status_code': '23514' },
  },
]
const failed = failing(0xabc1, 1)

beforeAll(async () => {
  await sendSpans(viewer.url, [...usually, ...slow, ...failed, ...failing(0xabc2, 2)])
  const line = { timeUnixNano: '1795365007026000000', severityNumber: 17, severityText: 'ERROR' }
  await ask(`${viewer.url}/v1/logs`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
    body: JSON.stringify({
      resourceLogs: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: 'inventory' } }] },
          scopeLogs: [
            {
              logRecords: [
                {
                  ...line,
                  traceId: traceId(0xabc1),
                  body: { stringValue: 'shelf\u001b[2J empty' },
                },
              ],
            },
          ],
        },
      ],
    }),
  })
})

const port = () => new URL(viewer.url).port
const callHere = (...args: readonly string[]) => run(...args, '--port', port())

describe('callchain trace', () => {
  it('shows the sentence, the waterfall with what is repeated folded, the statement and the log lines', async () => {
    const { out, code } = await callHere('trace', traceId(0xabc1))
    expect(code).toBe(0)
    const lines = out.split('\n')
    expect(lines[0]).toBe('Failed in inventory: UPDATE shelf (23514: order 1000000 has no stock)')
    expect(lines[1]).toMatch(/^gateway POST \/orders {2}40 ms {2}2026-.*22 spans {2}21 statements/)
    expect(lines[2]).toBe(`trace ${traceId(0xabc1)}`)
    expect(lines.slice(4, 7)).toEqual([
      expect.stringMatching(/^gateway {3}✗ POST \/orders +━+ +40 ms$/),
      expect.stringMatching(/^orders {6}SELECT item ×20 +━+ +10 ms$/),
      expect.stringMatching(/^inventory {3}✗ query UPDATE shelf +━+ +10 ms$/),
    ])
    expect(out).toContain('\nStatement\n  UPDATE shelf SET n = n - 1\n')
    expect(out).toMatch(/\nLog lines\n +26 ms {2}ERROR inventory: shelf \[2J empty\n/)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be written
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/)
  })

  it('takes the first digits of an id, and says which there are when several begin so', async () => {
    const short = traceId(0xabc1).slice(0, 31)
    const { error, code } = await callHere('trace', short)
    expect([code, error]).toEqual([
      1,
      `Several traces begin with ${short}: ${traceId(0xabc1)}, ${traceId(0xabc2)}. Give more of its digits.\n`,
    ])
    expect((await callHere('trace', traceId(0xabc2).slice(0, 32))).out).toContain('2000000')
    const latest = await callHere('trace', 'latest')
    expect(latest.out).toContain(`trace ${traceId(0xabc2)}`)
    const none = await callHere('trace', 'ffff')
    expect([none.code, none.error]).toEqual([
      1,
      'This trace was never received, or was evicted to make room.\n',
    ])
  })

  it('has the same sentence everywhere', async () => {
    const store = storeOf([...usually, ...failed])
    const record = store.traces.get(traceId(0xabc1))
    if (record === undefined) throw new Error('the trace is not there')
    const { text } = headlineOf(record, store)
    expect(toMarkdown(record, store)).toContain(`**${text}**`)
    const json = JSON.parse((await callHere('trace', traceId(0xabc1), '--json')).out)
    expect(json.trace.headline.text).toBe(text)
    expect(json.logs).toHaveLength(1)
    expect((await callHere('trace', traceId(0xabc1))).out.split('\n')[0]).toBe(text)
    expect((await callHere('trace', traceId(0xabc1), '--markdown')).out).toContain(text)
    expect((await callHere('tail', '--once')).out).toContain(text)
  })
})

describe('callchain errors and callchain slow', () => {
  it('list each kind of error once, with its statement and the way to its trace', async () => {
    const { out } = await callHere('errors')
    expect(out).toMatch(
      /^✗ inventory: UPDATE shelf \(23514: order \d000000 has no stock\)\n {2}2 times in 2 traces, last .*\n {2}UPDATE shelf SET n = n - 1\n {2}callchain trace 00000000/,
    )
    expect(out).toContain('\n1 kind of errors in 2 traces.\n')
    expect((await callHere('errors', 'service:gateway', 'name=nothing')).out).toBe(
      'No trace has an error.\n',
    )
  })

  it('list what took longer than its median, with the statement that took it', async () => {
    const { out } = await callHere('slow', '--limit', '1')
    expect(out).toMatch(
      /^ {2}500 ms {2}median 10 ms +gateway GET \/items 00000000\n {10}480 ms of 500 ms: orders: SELECT stock, 240× its median\n {10}SELECT n FROM stock WHERE id = \$1\n$/,
    )
    const { traces } = JSON.parse((await callHere('slow', '--json', '--limit', '1')).out)
    expect([traces.length, traces[0].usual, traces[0].statement]).toEqual([1, 10, STOCK])
  })

  it.each([
    [['errors', '--last', 'yesterday'], 2, '--last must be a time like 30s, 5m or 2h'],
    [['slow', '--limit', '0'], 2, '--limit must be a whole number from 1 to 1000, not "0".'],
    [['slow', '--colour'], 2, "Unknown option '--colour'; see callchain slow --help."],
    [['errors', 'NOT', 'x'], 1, 'Write "!" before a term'],
    [['trace'], 2, 'callchain trace needs one id'],
    [['trace', 'xyz'], 2, '"xyz" is not the id of a trace'],
    [['trace', 'abc', '--json', '--markdown'], 2, '--json and --markdown exclude each other.'],
    [['trace', 'abc', '--html', ''], 2, '--html must name a file, not "".'],
  ])('refuse %j', async (args, code, sentence) => {
    const said = await callHere(...args)
    expect([said.code, said.out]).toEqual([code, ''])
    expect(said.error).toContain(sentence)
  })

  it('say what to start when no viewer runs there', async () => {
    const { code, error } = await run('errors', '--port', '1')
    expect([code, error]).toEqual([
      1,
      'No Callchain viewer runs at 127.0.0.1:1.\nStart one with: npx callchain --port 1\nIf it has another port, give it with --port <number>.\n',
    ])
  })

  it('say how they are used', async () => {
    for (const word of ['trace', 'tail', 'errors', 'slow', 'diff', 'mark', 'changes', 'mcp'])
      expect((await run(word, '--help')).out).toContain(`callchain ${word}`)
  })
})

describe('callchain diff of traces, mark and changes', () => {
  it('show two traces row by row, or one next to the median of its operation', async () => {
    const [a, b] = [traceId(100), traceId(200)]
    const two = await callHere('diff', a, b)
    expect(two.out).toMatch(/^500 ms instead of 10 ms: orders: SELECT n FROM stock .* took 480 ms/)
    const usual = await callHere('diff', b)
    expect(usual.out).toContain('\nbefore  median of 12 other traces\n')
    expect(usual.out).toMatch(
      /\n {2}orders: SELECT n FROM stock WHERE id = \$1 +2 ms +480 ms {2}slower\n/,
    )
    const json = JSON.parse((await callHere('diff', a, b, '--json')).out)
    expect([json.of, json.before.id, json.rows.length]).toEqual([1, a, 2])
    const none = await callHere('diff', 'latest', 'ffffff')
    expect([none.code, none.error]).toEqual([1, expect.stringContaining('never received')])
  })

  it('say what is other since a mark, or a time ago', async () => {
    const early = await callHere('changes', '--since', 'before the change')
    expect([early.code, early.error]).toEqual([
      1,
      'No moment is marked yet; mark one with callchain mark, or give a time.\n',
    ])
    expect((await callHere('mark', 'before', 'the', 'change')).out).toMatch(
      /^Marked 20.* as "before the change"\. Then: callchain changes\n$/,
    )
    expect((await callHere('mark', '5m')).error).toContain('a name of at most 60 characters')
    // The traces of the tests are of a fixed time, which is before or after today.
    const since = (await callHere('changes')).out
    expect(since).toMatch(/^Since 20/)
    const json = JSON.parse((await callHere('changes', 'root.name="GET /items"', '--json')).out)
    expect(json.operations).toMatchObject([{ service: 'gateway', name: 'GET /items' }])
    expect((await callHere('changes', '--since', '9m')).code).toBe(0)
    expect((await callHere('changes', '--since', 'other')).error).toContain(
      'The marks are "before the change"; mark one',
    )
  })
})

describe('A viewer with a token', () => {
  const guarded = viewerForTests({ token: 'right' })

  it('is read with the token only', async () => {
    const place = ['--port', new URL(guarded.url).port]
    const without = await run('slow', ...place)
    expect([without.code, without.error]).toEqual([
      1,
      expect.stringContaining('needs the token it was started with:\ngive it with --token'),
    ])
    const wrong = await run('slow', ...place, '--token', 'wrong')
    expect(wrong.error).toContain('needs a different token')
    expect((await run('slow', ...place, '--token', 'right')).out).toBe('No trace is here yet.\n')
  })
})

describe('callchain tail', () => {
  it('lists a trace once nothing more has come, and ends with Ctrl-C', async () => {
    const tail = callchain(['tail', '--port', port(), '--limit', '1'])
    await tail.says(/Failed in inventory/)
    // Its stream is open once the viewer counts it; until then a trace would not be heard.
    const send = async (): Promise<void> => {
      await sendSpans(viewer.url, [{ trace: 300, id: 1, service: 'mailer', name: 'send mail' }])
    }
    const again = setInterval(() => void sendSpans(viewer.url, extra()), 300)
    let id = 10
    const extra = (): TestSpan[] => {
      id += 1
      return [{ trace: 300 + id, id: 1, service: 'mailer', name: 'send mail' }]
    }
    await send()
    await tail.says(/mailer send mail 1 span 00000000/)
    clearInterval(again)
    tail.child.kill('SIGINT')
    expect(await tail.ends).toBe(0)
  })

  it('tells of a trace again only when what it says is another', () => {
    jest.useFakeTimers()
    const told: string[] = []
    const quiet = createQuietTraces((trace) => told.push(trace.headline.text), 1000)
    const trace = (name: string, kind: TraceSummary['headline']['kind']) =>
      ({ id: 'a', root: { name }, headline: { kind, text: `${name} ${kind}` } }) as TraceSummary
    quiet.note(trace('inner', 'incomplete'))
    jest.advanceTimersByTime(900)
    quiet.note(trace('outer', 'usual'))
    jest.advanceTimersByTime(900)
    expect(told).toEqual([])
    jest.advanceTimersByTime(100)
    quiet.note(trace('outer', 'usual'))
    jest.advanceTimersByTime(1000)
    quiet.note(trace('outer', 'failed'))
    quiet.end()
    expect(told).toEqual(['outer usual', 'outer failed'])
    jest.useRealTimers()
  })
})
