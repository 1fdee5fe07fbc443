import { describe, expect, it } from '@jest/globals'
import { ask, sendSpans } from '../request.ts'
import { otlpJson, spanId, traceId } from '../spans.ts'
import { commandForTests, urlOf } from './callchain-command.ts'

const { callchain, write } = commandForTests()

describe('callchain run', () => {
  it('runs a command that sends to it, shows its log lines, and ends with its exit code', async () => {
    const viewer = callchain(['--port', '0'])
    const url = await urlOf(viewer)
    const app = write(
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
    const app = write(
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
    const app = write(
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

  it('gives its token to what the command exports with, in place of headers for elsewhere', async () => {
    const token = "a=b,c;d%20'!(e)"
    const viewer = callchain(['--port', '0', '--token', token])
    const url = await urlOf(viewer)
    const app = write(
      'exporter.cjs',
      `const load = require('node:module').createRequire(${JSON.stringify(__filename)})
       // As the exporters of OpenTelemetry read it.
       const { parseKeyPairsIntoRecord } = load('@opentelemetry/core')
       const { OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS, OTEL_EXPORTER_OTLP_TRACES_HEADERS } = process.env
       fetch(OTEL_EXPORTER_OTLP_ENDPOINT + '/v1/traces', { method: 'POST', body: ${JSON.stringify(JSON.stringify(otlpJson([{ id: 1, name: 'with the token' }])))}, headers: {
         'content-type': 'application/json',
         ...parseKeyPairsIntoRecord(OTEL_EXPORTER_OTLP_HEADERS),
         ...parseKeyPairsIntoRecord(OTEL_EXPORTER_OTLP_TRACES_HEADERS),
       } })
       console.log(JSON.stringify({ level: 30, msg: 'a line' }))`,
    )
    const run = callchain(
      ['run', '--port', new URL(url).port, '--token', token, '--', process.execPath, app],
      { OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'authorization=Bearer%20elsewhere' },
    )
    expect(await run.ends).toBe(0)
    const headers = { authorization: `Bearer ${token}` }
    const { traces } = (await ask(`${url}/api/local/traces`, { headers })).json
    expect(traces).toMatchObject([{ root: { name: 'with the token' } }])
    expect((await ask(`${url}/api/local/logs`, { headers })).json.total).toBe(1)
  })

  it('starts the viewer when none runs, and stops it with the command', async () => {
    const app = write('idle.cjs', `setInterval(() => {}, 1000); console.log('up')`)
    const run = callchain(['run', '--port', '0', '--', process.execPath, app])
    const url = await urlOf(run)
    await run.says(/up/)
    expect((await ask(`${url}/health`)).status).toBe(200)
    run.child.kill('SIGTERM')
    expect(await run.ends).toBe(143)
    await expect(ask(`${url}/health`)).rejects.toThrow(/ECONNREFUSED/)
  })

  it('says that a command cannot be started, and ends as a shell does', async () => {
    const folder = write('no-program.txt', 'text')
    for (const [program, code, reason] of [
      ['no-such-program', 127, 'no program with this name is in PATH'],
      ['./no-such-program', 127, 'the file does not exist'],
      [folder, 126, 'this user may not execute it'],
    ] as const) {
      const run = callchain(['run', '--port', '0', '--', program])
      expect(await run.ends).toBe(code)
      expect(run.output()).toMatch(/^Callchain shows the traces at \S+\n[^\n]+\n$/)
      expect(run.output()).toContain(`\n${program} cannot be started: ${reason}.\n`)
    }
  })

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'ends by force what ignores %s, when it comes again',
    async (signal) => {
      const app = write(
        'deaf.cjs',
        `for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => console.log('ignored'))
         // What it has started holds its output open.
         const { spawn } = require('node:child_process')
         const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' })
         other.on('spawn', () => console.log('up', other.pid))`,
      )
      const run = callchain(['run', '--port', '0', '--', process.execPath, app])
      const [, other] = await run.says(/up (\d+)/)
      try {
        run.child.kill(signal)
        await run.says(/ignored/)
        await run.says(/is still running; a second Ctrl-C or signal kills it\.\n/)
        run.child.kill(signal)
        expect(await run.ends).toBe(137)
      } finally {
        process.kill(Number(other), 'SIGKILL')
      }
    },
  )

  it('lets a command end by itself when the same signal comes twice at once', async () => {
    const app = write(
      'calm.cjs',
      `process.on('SIGINT', () => setTimeout(() => process.exit(3), 1000))
       setInterval(() => {}, 1000); console.log('up')`,
    )
    const run = callchain(['run', '--port', '0', '--', process.execPath, app])
    await run.says(/up/)
    run.child.kill('SIGINT')
    run.child.kill('SIGINT')
    expect(await run.ends).toBe(3)
  })
})
