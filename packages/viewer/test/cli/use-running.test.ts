import { networkInterfaces } from 'node:os'
import { describe, expect, it } from '@jest/globals'
import { ask } from '../request.ts'
import { otlpJson, traceId } from '../spans.ts'
import { commandForTests, type Run, urlOf } from './callchain-command.ts'

const { callchain, write } = commandForTests()

const isReached = Object.values(networkInterfaces())
  .flat()
  .some((address) => address?.internal === false && address.family === 'IPv4')

interface Running {
  readonly url: string
  readonly port: string
  readonly there: string
}

/** A viewer that runs already. */
async function running(...args: string[]): Promise<Running> {
  const run = callchain(['--port', '0', ...args])
  const url = await urlOf(run)
  const there = `A Callchain viewer is already running at ${url} (process ${run.child.pid})`
  return { url, port: new URL(url).port, there }
}

const ended = async (run: Run): Promise<[number | null, string]> => [await run.ends, run.output()]

const tracesOf = async (url: string, token = ''): Promise<string[]> => {
  const headers = { authorization: `Bearer ${token}` }
  const { json } = await ask(`${url}/api/local/traces`, { headers })
  return json.traces.map(({ id }: { id: string }) => id)
}

const instead = '.\nStop it first, or start a second one with --port <number>.\n'

describe('callchain, when a viewer has the port already,', () => {
  it('says which options are not in force there, and fails', async () => {
    const { port, there } = await running(
      '--max-spans',
      '500',
      '--trace-link',
      'A=http://a/{traceId}',
    )
    expect(await ended(callchain(['--port', port]))).toEqual([0, `${there}.\n`])
    const same = [
      '--grpc-port',
      'off',
      '--max-spans',
      '500',
      '--max-memory',
      '128MiB',
      '--trace-link',
      'A=http://a/{traceId}',
    ]
    expect(await ended(callchain(['--port', port, ...same]))).toEqual([0, `${there}.\n`])
    const others = [
      '--grpc-port',
      '0',
      '--max-spans',
      '10',
      '--max-memory',
      '1GiB',
      '--trace-link',
      'A=http://b/{traceId}',
    ]
    expect(await ended(callchain(['--port', port, ...others]))).toEqual([
      1,
      `${there}, without --grpc-port 0, --max-spans 10 (it has 500), --max-memory 1GiB (it has 128MiB) and the link to A${instead}`,
    ])
    expect(await ended(callchain(['--port', port, '--token', 'x']))).toEqual([
      1,
      `${there}, without the token${instead}`,
    ])
  })

  it('demands a token for other machines, and says that the one that runs is not for them', async () => {
    const { port, there } = await running()
    const open = callchain(['--port', port, '--host', '0.0.0.0'])
    expect(await open.ends).toBe(2)
    expect(open.output()).toMatch(/give --token <text> as well\.\n$/)
    const host = isReached ? '--host 0.0.0.0 and ' : ''
    expect(await ended(callchain(['--port', port, '--host', '0.0.0.0', '--token', 'x']))).toEqual([
      1,
      `${there}, without ${host}the token${instead}`,
    ])
  })

  it('sends it the files, and says so', async () => {
    const { url, port } = await running()
    const file = write('sent.json', JSON.stringify(otlpJson([{ trace: 4, id: 1 }])))
    expect(await ended(callchain(['--port', port, '--import', file]))).toEqual([
      0,
      `${file}: 1 span and 0 log lines of 1 trace (otlp); shown by the viewer at ${url}\n`,
    ])
    expect(await tracesOf(url)).toEqual([traceId(4)])
    const bad = write('bad.json', '{"resource":[]}')
    expect(await ended(callchain(['--port', port, '--import', bad]))).toEqual([
      1,
      `${bad}: This is JSON, but not OTLP, Jaeger or Zipkin v2.\n`,
    ])
  })

  it('says that it wants its token', async () => {
    const { url, port, there } = await running('--host', '0.0.0.0', '--token', 'right')
    const file = write('kept.json', JSON.stringify(otlpJson([{ trace: 5, id: 1 }])))
    const page = `Its page needs the token it was started with: ${url}/?token=<token>\n`
    expect(await ended(callchain(['--port', port]))).toEqual([0, `${there}.\n${page}`])
    const its = `The viewer at ${url} (process ${/\d+(?=\)$)/.exec(there)})`
    const how = 'give it with --token <text> or CALLCHAIN_TOKEN.\n'
    for (const args of [
      ['--import', file],
      ['--max-spans', '10'],
      ['--trace-link', 'A=http://a/{traceId}'],
    ])
      expect(await ended(callchain(['--port', port, ...args]))).toEqual([
        1,
        `${its} needs the token it was started with:\n${how}`,
      ])
    expect(await ended(callchain(['--port', port, '--token', 'wrong']))).toEqual([
      1,
      `${its} needs a different token:\n${how}`,
    ])
    const right = ['--port', port, '--host', '0.0.0.0', '--import', file]
    const sent = callchain(right, { CALLCHAIN_TOKEN: 'right' })
    expect(await sent.ends).toBe(0)
    expect(await tracesOf(url, 'right')).toEqual([traceId(5)])
  })
})

describe('callchain run, when a viewer has the port already,', () => {
  it('starts nothing that the viewer would not listen to', async () => {
    const { url, port } = await running('--token', 'right')
    for (const args of [[], ['--token', 'wrong']]) {
      const run = callchain(['run', '--port', port, ...args, '--', 'echo', 'it ran'])
      expect(await run.ends).toBe(1)
      expect(run.output()).toMatch(
        /^The viewer at \S+ \(process \d+\) needs (the|a different) token/,
      )
      expect(run.output()).not.toContain('it ran')
    }
    const run = callchain(['run', '--port', port, '--token', 'right', '--', 'echo', 'it ran'])
    expect(await ended(run)).toEqual([0, expect.stringContaining('it ran\n')])
    expect(run.output()).toContain(`Callchain shows the traces at ${url}/?token=<token>\n`)
  })

  it('sends it the files, says what is not in force, and runs the command', async () => {
    const { url, port } = await running()
    const file = write('of-run.json', JSON.stringify(otlpJson([{ trace: 6, id: 1 }])))
    const args = ['--max-spans', '10', '--import', file]
    const run = callchain(['run', '--port', port, ...args, '--', 'echo', 'it ran'])
    expect(await run.ends).toBe(0)
    expect(run.output()).toContain(
      `The viewer at ${url} is already running, without --max-spans 10 (it has 200000).\n`,
    )
    expect(run.output()).toContain('it ran\n')
    expect(await tracesOf(url)).toEqual([traceId(6)])
  })
})
