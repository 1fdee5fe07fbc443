// Has the official OTLP/gRPC exporters of other languages send a span and a log line to the viewer, without
// compression and with gzip, without a token and with one, and fails unless all of it arrives. It needs what
// each language needs: go, python3 with venv, or Java 17 with mvn; packages come from their own registries.
// JavaScript's exporters are in the viewer's tests. Usage, on built packages: node scripts/grpc-exporters.js [go | java | python …]
import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startViewer } from '../packages/viewer/index.js'
import { root } from './packages.js'

const run = promisify(execFile)
const TIMEOUT_MILLIS = 600_000
const TOKEN = 'of-the-exporters'

/** How each language is prepared and run, in a folder of its own. */
const languages = {
  go: {
    prepare: [
      ['go', 'mod', 'tidy'],
      ['go', 'build', '-o', 'send', '.'],
    ],
    send: ['./send'],
  },
  python: {
    prepare: [
      ['python3', '-m', 'venv', 'venv'],
      ['venv/bin/pip', 'install', '--quiet', '-r', 'requirements.txt'],
    ],
    send: ['venv/bin/python', 'send.py'],
  },
  java: {
    prepare: [
      [
        'mvn',
        '-q',
        '-B',
        'compile',
        'dependency:copy-dependencies',
        '-DoutputDirectory=target/lib',
      ],
    ],
    send: ['java', '-cp', 'target/classes:target/lib/*', 'Send'],
  },
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !Object.hasOwn(languages, name))
if (unknown.length > 0) {
  console.error(`Usage: grpc-exporters.js [${Object.keys(languages).join(' | ')} …]`)
  process.exit(2)
}
for (const name of wanted.length > 0 ? wanted : Object.keys(languages)) await prove(name)

async function prove(name) {
  const folder = mkdtempSync(join(tmpdir(), `callchain-exporters-${name}-`))
  const { prepare, send } = languages[name]
  try {
    cpSync(`${root}/scripts/grpc-exporters/${name}`, folder, { recursive: true })
    for (const command of prepare) await inFolder(folder, command)
    for (const compression of ['none', 'gzip']) {
      for (const token of [undefined, TOKEN]) {
        console.log(await sendAndLook(name, { folder, send, compression, token }))
      }
    }
  } catch (error) {
    process.exitCode = 1
    console.error(`${name}: ${error.stdout ?? ''}${error.stderr ?? ''}${error.message}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function sendAndLook(name, { folder, send, compression, token }) {
  const viewer = await startViewer({ port: 0, grpcPort: 0, ...(token !== undefined && { token }) })
  try {
    const said = await inFolder(folder, send, {
      OTEL_SERVICE_NAME: name,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${viewer.grpcPort}`,
      OTEL_EXPORTER_OTLP_INSECURE: 'true',
      OTEL_METRICS_EXPORTER: 'none',
      // Python's knows no "none".
      ...(compression !== 'none' && { OTEL_EXPORTER_OTLP_COMPRESSION: compression }),
      ...(token !== undefined && {
        OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${token}`,
      }),
    })
    const read = async (path) => {
      const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
      return (await fetch(`${viewer.url}/api/local/${path}`, { headers })).json()
    }
    const { exports, stats } = await read('receiver')
    const names = (await read('traces')).traces.map(({ root: { name: span } }) => span)
    const lines = (await read('logs')).logs.map(({ body }) => body)
    if (!names.includes(`sent by ${name}`) || !lines.includes(`said by ${name}`))
      throw new Error(
        `got the spans ${JSON.stringify(names)}, the lines ${JSON.stringify(lines)}; refused ${stats.received.refused}; it said: ${said}`,
      )
    const [{ encoding, userAgent }] = exports
    const what = token === undefined ? '' : ', with the token'
    return `${name}: a span and a log line arrived, ${encoding}${what} (${userAgent})`
  } finally {
    await viewer.close()
  }
}

async function inFolder(cwd, [command, ...args], variables = {}) {
  const env = { ...process.env, ...variables }
  const { stdout, stderr } = await run(command, args, { cwd, env, timeout: TIMEOUT_MILLIS })
  return stdout + stderr
}
