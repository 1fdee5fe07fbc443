import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { ask, sendSpans } from './request.ts'
import { otlpJson, spanId, traceId } from './spans.ts'

// A busy machine takes its time; nothing here waits for a time of its own.
jest.setTimeout(180_000)

const folder = mkdtempSync(join(tmpdir(), 'callchain-viewer-'))
const bundle = join(folder, 'callchain.cjs')
const children = new Set<ChildProcess>()

beforeAll(() => {
  // The command runs in a process of its own, from source.
  buildSync({
    entryPoints: [join(__dirname, '../src/cli.ts')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile: bundle,
    logLevel: 'error',
  })
})
afterEach(async () => {
  for (const child of children) {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
  children.clear()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Run {
  readonly child: ChildProcess
  readonly output: () => string
  /** Resolves when the output matches. */
  readonly says: (pattern: RegExp) => Promise<RegExpExecArray>
  readonly ends: Promise<number | null>
}

function callchain(args: readonly string[], env: NodeJS.ProcessEnv = {}): Run {
  const { NODE_OPTIONS: _, ...own } = process.env
  const child = spawn(process.execPath, [bundle, ...args], { cwd: folder, env: { ...own, ...env } })
  children.add(child)
  let output = ''
  const add = (chunk: Buffer): void => {
    output += chunk.toString()
  }
  child.stdout.on('data', add)
  child.stderr.on('data', add)
  const ends = once(child, 'close').then(([code]) => code)
  return {
    child,
    output: () => output,
    ends,
    async says(pattern) {
      for (;;) {
        const match = pattern.exec(output)
        if (match !== null) return match
        const event = once(child.stdout, 'data')
        await Promise.race([
          event,
          once(child.stderr, 'data'),
          ends.then(() => {
            if (!pattern.test(output)) throw new Error(`it ended, and said: ${output}`)
          }),
        ])
      }
    },
  }
}

const urlOf = async (run: Run): Promise<string> =>
  (await run.says(/(http:\/\/127\.0\.0\.1:\d+)/))[1] ?? ''

describe('callchain', () => {
  it('starts the viewer, says its address, and ends on Ctrl-C', async () => {
    const run = callchain(['--port', '0'])
    expect((await ask(`${await urlOf(run)}/health`)).json.name).toBe('callchain')
    run.child.kill('SIGINT')
    expect(await run.ends).toBe(0)
  })

  it('says in one sentence that the port is taken, and by whom', async () => {
    const foreign = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1')
    await once(foreign, 'listening')
    const { port } = foreign.address() as AddressInfo
    const refused = callchain(['--port', String(port)])
    expect(await refused.ends).toBe(1)
    expect(refused.output()).toBe(
      `Port ${port} on 127.0.0.1 is taken by another program: choose another with --port.\n`,
    )
    foreign.closeAllConnections()
    foreign.close()
    const first = callchain(['--port', '0'])
    const url = await urlOf(first)
    const second = callchain(['--port', new URL(url).port])
    expect(await second.ends).toBe(0)
    expect(second.output()).toBe(
      `A Callchain viewer is already running at ${url} (process ${first.child.pid}).\n`,
    )
  })

  it('shows a file', async () => {
    const file = join(folder, 'trace.json')
    writeFileSync(file, JSON.stringify(otlpJson([{ trace: 3, id: 1 }])))
    const url = await urlOf(callchain(['--port=0', '--import', file]))
    const { traces } = (await ask(`${url}/api/local/traces`)).json
    expect(traces).toMatchObject([{ id: traceId(3) }])
  })

  it.each<[string[], number, RegExp]>([
    [['--port', 'x'], 2, /^--port is a whole number, not "x"\.\n$/],
    [
      ['--host', '0.0.0.0'],
      2,
      /everyone who reaches this machine could read .* token as well\.\n$/,
    ],
    [['--colour'], 2, /^Unknown option '--colour'; see callchain --help\.\n$/],
    [['show'], 2, /^"show" is no command of callchain; see callchain --help\.\n$/],
    [['run'], 2, /^Say what to run: callchain run -- node app\.js\n$/],
    [['--import', 'none.json', '--port', '0'], 1, /^none\.json: ENOENT/],
    [['--max-memory', 'much'], 2, /^--max-memory is a size like 256MiB/],
    [['--version'], 0, /^\d+\.\d+\.\d+\n$/],
    [['--help'], 0, /callchain run \[options\] -- <command>/],
  ])('answers %j', async (args, code, output) => {
    const run = callchain(args)
    expect(await run.ends).toBe(code)
    expect(run.output()).toMatch(output)
  })
})

describe('callchain run', () => {
  const script = (name: string, text: string): string => {
    const file = join(folder, name)
    writeFileSync(file, text)
    return file
  }

  it('runs a command that sends to it, shows its log lines, and ends with its exit code', async () => {
    const viewer = callchain(['--port', '0'])
    const url = await urlOf(viewer)
    const app = script(
      'checkout.cjs',
      `console.log('plain line')
       console.log(JSON.stringify({ level: 40, time: Date.now(), msg: 'low stock',
         trace_id: '${traceId(8)}', span_id: '00000000000000aa', item: 7 }))
       const { OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL, OTEL_SERVICE_NAME } = process.env
       console.log(OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL, OTEL_SERVICE_NAME)
       process.exitCode = 7`,
    )
    const run = callchain(['run', '--port', new URL(url).port, '--', process.execPath, app])
    expect(await run.ends).toBe(7)
    expect(run.output()).toContain('plain line\n')
    expect(run.output()).toContain(`${url} http/protobuf checkout\n`)
    const { logs } = (await ask(`${url}/api/local/logs?trace=${traceId(8)}`)).json
    expect(logs).toMatchObject([
      { body: 'low stock', level: 'warn', service: 'checkout', attributes: { item: 7 } },
    ])
  })

  it('shows a log line under the service that it names, else its span’s, else the command’s', async () => {
    const url = await urlOf(callchain(['--port', '0']))
    const spans = [
      { trace: 5, id: 1, service: 'gateway' },
      { trace: 5, id: 2, service: 'billing' },
    ]
    await sendSpans(url, spans)
    const app = script(
      'shop.cjs',
      `const say = (msg, more) => console.log(JSON.stringify({ level: 30, time: Date.now(), msg, ...more }))
       say('pino base', { service: 'orders' })
       say('elastic', { service: { name: 'orders' } })
       say('bunyan', { name: 'mailer', v: 0 })
       say('dotted', { 'service.name': 'stock' })
       say('of a span', { trace_id: '${traceId(5)}', span_id: '${spanId(2)}' })
       say('before its span', { trace_id: '${traceId(6)}', span_id: '${spanId(9)}' })
       say('of nobody', {})`,
    )
    const run = callchain(['run', '--port', new URL(url).port, '--', process.execPath, app])
    expect(await run.ends).toBe(0)
    await sendSpans(url, [{ trace: 6, id: 1, service: 'late' }])
    const { logs } = (await ask(`${url}/api/local/logs`)).json
    const services = logs.map((log: { body: string; service: string }) => [log.body, log.service])
    expect(Object.fromEntries(services)).toEqual({
      'pino base': 'orders',
      elastic: 'orders',
      bunyan: 'mailer',
      dotted: 'stock',
      'of a span': 'billing',
      'before its span': 'late',
      'of nobody': 'shop',
    })
  })

  it('shows a line once that the command writes and sends over OTLP as well', async () => {
    const url = await urlOf(callchain(['--port', '0']))
    const app = script(
      'both.cjs',
      `const time = Date.now()
       const trace = { trace_id: '${traceId(7)}', span_id: '${spanId(1)}' }
       const record = { timeUnixNano: time + '000000', severityNumber: 9, body: { stringValue: 'ordered' },
         traceId: trace.trace_id, spanId: trace.span_id }
       const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'orders' } }] }
       const body = { resourceLogs: [{ resource, scopeLogs: [{ logRecords: [record, record] }] }] }
       for (let times = 0; times < 3; times++)
         console.log(JSON.stringify({ level: 30, time, msg: 'ordered', ...trace }))
       fetch(process.env.OTEL_EXPORTER_OTLP_ENDPOINT + '/v1/logs', { method: 'POST',
         headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })`,
    )
    const run = callchain(['run', '--port', new URL(url).port, '--', process.execPath, app])
    expect(await run.ends).toBe(0)
    expect((await ask(`${url}/api/local/logs?trace=${traceId(7)}`)).json.matched).toBe(3)
  })

  it('starts the viewer when none runs, and stops it with the command', async () => {
    const app = script('idle.cjs', `setInterval(() => {}, 1000); console.log('up')`)
    const run = callchain(['run', '--port', '0', '--', process.execPath, app])
    const url = await urlOf(run)
    await run.says(/up/)
    expect((await ask(`${url}/health`)).status).toBe(200)
    run.child.kill('SIGTERM')
    expect(await run.ends).toBe(143)
    await expect(ask(`${url}/health`)).rejects.toThrow(/ECONNREFUSED/)
  })

  it('says that a command cannot be started', async () => {
    const run = callchain(['run', '--port', '0', '--', './no-such-program'])
    expect(await run.ends).toBe(1)
    expect(run.output()).toMatch(/no-such-program cannot be started/)
  })
})
