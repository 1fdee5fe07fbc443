import { once } from 'node:events'
import { networkInterfaces } from 'node:os'
import { describe, expect, it } from '@jest/globals'
import { ask } from '../request.ts'
import { commandForTests, urlOf } from './callchain-command.ts'

const { callchain, write } = commandForTests()

describe('The output of callchain run', () => {
  it('shows every log line of a program that writes many at once', async () => {
    const url = await urlOf(callchain(['--port', '0']))
    const app = write(
      'burst.cjs',
      `let lines = ''
       for (let at = 0; at < 7000; at++)
         lines += JSON.stringify({ level: 30, time: Date.now(), msg: 'line ' + at }) + '\\n'
       process.stdout.write(lines)`,
    )
    const run = callchain(['run', '--port', new URL(url).port, '--', process.execPath, app])
    expect(await run.ends).toBe(0)
    const { json } = await ask(`${url}/api/local/stats`)
    expect(json.received.logs).toBe(7000)
    expect(run.output()).not.toContain('came faster')
  })

  it('tells a program when its output is no longer read, and ends as it ends', async () => {
    const url = await urlOf(callchain(['--port', '0']))
    const app = write(
      'endless.cjs',
      `process.stdout.on('error', (error) => process.exit(error.code === 'EPIPE' ? 5 : 6))
       const more = () => process.stdout.write('more\\n'.repeat(1000), () => setImmediate(more))
       more()`,
    )
    const run = callchain(['run', '--port', new URL(url).port, '--', process.execPath, app])
    const { stdout } = run.child
    if (stdout === null) throw new Error('it has no output')
    await once(stdout, 'data')
    stdout.destroy()
    expect(await run.ends).toBe(5)
    expect(run.output()).not.toContain('EPIPE')
  })

  it('sends what the exporter of Zipkin writes to the viewer, too', async () => {
    const url = await urlOf(callchain(['--port', '0']))
    const script = 'console.log(process.env.OTEL_EXPORTER_ZIPKIN_ENDPOINT)'
    const command = ['--', process.execPath, '-e', script]
    const run = callchain(['run', '--port', new URL(url).port, ...command], {
      OTEL_TRACES_EXPORTER: 'zipkin',
      OTEL_EXPORTER_ZIPKIN_ENDPOINT: 'http://zipkin.example:9411/api/v2/spans',
    })
    expect(await run.ends).toBe(0)
    expect(run.output()).toContain(`${url}/api/v2/spans\n`)
  })
})

const hasIpv6 = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .some(({ address }) => address === '::1')

describe('The address of a viewer', () => {
  const onIpv6 = hasIpv6 ? it : it.skip
  onIpv6('may be given as it stands in a URL', async () => {
    const run = callchain(['--port', '0', '--host', '[::1]'])
    const [, url = ''] = await run.says(/at (http:\/\/\[::1\]:\d+)/)
    expect((await ask(`${url}/health`)).json.name).toBe('callchain')
    const again = callchain(['--port', new URL(url).port, '--host', '[::1]'])
    expect(await again.ends).toBe(0)
    expect(again.output()).toContain('already running at http://[::1]:')
  })
})
