import { spawn, spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'
import request from 'supertest'

// The quick start of the README, as it stands and bundled into one file.

const root = resolve(__dirname, '..')
const app = join(root, 'examples/quick-start/app.js')
const folder = mkdtempSync(join(root, 'examples/quick-start/.bundled-'))

beforeAll(() => {
  const built = spawnSync(process.execPath, ['scripts/set-up.cjs', '--build', '--no-install'], {
    cwd: root,
    encoding: 'utf8',
  })
  if (built.status !== 0) throw new Error(built.stdout + built.stderr)
}, 300_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it.each([
  ['as it stands', async () => app],
  ['bundled as an ES module', () => bundle('esm', 'app.mjs')],
  ['bundled as CommonJS', () => bundle('cjs', 'app.cjs')],
])(
  'the quick start shows one trace through both of its services, %s',
  async (_name, file) => {
    const { answer, log, tree } = await runOnce(await file())
    const trace = (log as { trace_id: string }).trace_id
    expect(answer).toEqual({ order: '7', left: 3, for: 'acme' })
    expect(log).toMatchObject({ msg: 'looking the stock up', tenant_id: 'acme' })
    const branch = [
      `^orders trace ${trace}`,
      'SERVER +GET /orders/:id .*200 .*acme.*',
      '└─ CLIENT +GET .*200.*',
      ' +└─ SERVER +GET /stock/:id .*200 .*acme',
    ]
    expect(tree).toMatch(new RegExp(branch.join('\n')))
  },
  120_000,
)

async function bundle(format: 'esm' | 'cjs', name: string): Promise<string> {
  const outfile = join(folder, name)
  // Express asks for Node's own modules by `require`, which an ES module has to be given.
  const require =
    "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)"
  await build({
    entryPoints: [app],
    outfile,
    format,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    logLevel: 'silent',
    ...(format === 'esm' ? { banner: { js: require } } : {}),
  })
  return outfile
}

/** A port on which nobody listens, and which no system hands out to whoever asks for any. */
async function freePort(): Promise<number> {
  const port = randomInt(15_000, 32_000)
  const server = createServer().listen(port)
  try {
    await once(server, 'listening')
  } catch {
    return freePort()
  }
  await once(server.close(), 'close')
  return port
}

async function runOnce(file: string): Promise<{ answer: unknown; log: unknown; tree: string }> {
  const port = await freePort()
  const child = spawn(process.execPath, [file], {
    cwd: root,
    env: { ...process.env, PORT: `${port}`, OTEL_TRACES_EXPORTER: 'console', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  try {
    const logs = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    await logs.next()
    const { body: answer } = await request(`http://localhost:${port}`).get('/orders/7').expect(200)
    const { value: line } = await logs.next()
    let tree = ''
    for await (const chunk of child.stderr) {
      tree += String(chunk)
      if (tree.includes('/stock/:id')) break
    }
    return { answer, log: JSON.parse(line ?? '{}'), tree }
  } finally {
    child.kill()
    await once(child, 'close')
  }
}
