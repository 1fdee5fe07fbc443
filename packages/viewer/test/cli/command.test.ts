import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createSocketServer } from 'node:net'
import { describe, expect, it } from '@jest/globals'
import { ask } from '../request.ts'
import { otlpJson, traceId } from '../spans.ts'
import { commandForTests, urlOf } from './callchain-command.ts'

const { callchain, write } = commandForTests()

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
      `Port ${port} on 127.0.0.1 is in use by another program: choose another port with --port.\n`,
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
    const file = write('trace.json', JSON.stringify(otlpJson([{ trace: 3, id: 1 }])))
    const url = await urlOf(callchain(['--port=0', '--import', file]))
    const { traces } = (await ask(`${url}/api/local/traces`)).json
    expect(traces).toMatchObject([{ id: traceId(3) }])
  })

  it('says so once, and soon, when who has the port never answers', async () => {
    let asked = 0
    const mute = createSocketServer(() => {
      asked += 1
    }).listen(0, '127.0.0.1')
    await once(mute, 'listening')
    const { port } = mute.address() as AddressInfo
    for (const args of [
      ['--port', 'port'],
      ['run', '--port', 'port', '--', 'true'],
    ]) {
      asked = 0
      const refused = callchain(args.map((arg) => (arg === 'port' ? String(port) : arg)))
      expect(await refused.ends).toBe(1)
      expect(refused.output()).toBe(
        `Port ${port} on 127.0.0.1 is in use by another program: choose another port with --port.\n`,
      )
      expect(asked).toBe(1)
    }
    mute.close()
  })

  it.each<[string[], number, RegExp]>([
    [['--port', 'x'], 2, /^--port must be a whole number from 0 to 65535, not "x"\.\n$/],
    [['--port', '70000'], 2, /^--port must be a whole number from 0 to 65535, not "70000"\.\n$/],
    [
      ['--grpc-port', 'on'],
      2,
      /^--grpc-port must be a whole number from 0 to 65535, not "on"\.\n$/,
    ],
    [['--port'], 2, /^--port needs a value; see callchain --help\.\n$/],
    [['--max-spans', '-1'], 2, /^--max-spans must be a whole number of at least 1, not "-1"\.\n$/],
    [['--max-spans', '0'], 2, /^--max-spans must be a whole number of at least 1, not "0"\.\n$/],
    [
      ['--max-memory', 'much'],
      2,
      /^--max-memory must be a size like 64MiB or 1GiB, .* not "much"\.\n$/,
    ],
    [['--max-memory', '0'], 2, /^--max-memory must be a size like 64MiB or 1GiB, .* not "0"\.\n$/],
    [
      ['--host', '0.0.0.0'],
      2,
      /^With --host 0\.0\.0\.0, anyone who can reach this machine could read .*:\ngive --token <text> as well\.\n$/,
    ],
    [
      ['--token', 'a b'],
      2,
      /^--token must be ASCII letters, .* without spaces, and not empty\.\n$/,
    ],
    [['--token', '--open'], 2, /^--token needs a value; see callchain --help\.\n$/],
    [['--colour'], 2, /^Unknown option '--colour'; see callchain --help\.\n$/],
    [['show'], 2, /^"show" is not a callchain command; to run a program: callchain run -- show\n$/],
    [
      ['t.json'],
      2,
      /^"t\.json" is not a callchain command; to view a file: callchain --import t\.json\n$/,
    ],
    [['run'], 2, /^No command to run was given; for example: callchain run -- node app\.js\n$/],
    [['--version'], 0, /^\d+\.\d+\.\d+\n$/],
    [['--help'], 0, /callchain run \[options\] -- <command>/],
  ])('answers %j', async (args, code, output) => {
    const run = callchain(args)
    expect(await run.ends).toBe(code)
    expect(run.output()).toMatch(output)
  })

  it('takes a token that begins with a dash, and one from the environment that may be empty', async () => {
    const dashed = callchain(['--port', '0', '--token', '-x'])
    expect((await ask(`${await urlOf(dashed)}/api/local/stats`)).status).toBe(401)
    const empty = callchain(['--port', '0'], { CALLCHAIN_TOKEN: '' })
    expect((await ask(`${await urlOf(empty)}/api/local/stats`)).status).toBe(200)
  })
})
