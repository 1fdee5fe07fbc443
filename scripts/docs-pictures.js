// Makes docs/pictures from the running viewer and shop: `npm run docs:pictures`. CHROMIUM names the
// browser, /usr/bin/chromium when it does not.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { root } from './packages.js'

const folder = join(root, 'docs/pictures')
// A statement that is slow itself, not one of an order that had to wait for the machine.
const SLOW = 'is:db dur>700ms'
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
if (!existsSync(executablePath)) {
  console.error(`There is no browser at ${executablePath}; set CHROMIUM to the path of one.`)
  process.exit(1)
}

let running
let browser
try {
  const url = await startAll()
  await enoughTraces(url)
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
  mkdirSync(folder, { recursive: true })
  for (const theme of ['light', 'dark']) await takeAll(url, theme)
} finally {
  await browser?.close()
  await stop(running)
}

/** Starts the viewer and the shop, whose log lines it reads; gives the viewer's address. */
function startAll() {
  const viewer = ['packages/viewer/bin/callchain.js', 'run', '--port', '4398', '--']
  const shop = [process.execPath, 'examples/shop/start.js', '--logs']
  running = spawn(process.execPath, [...viewer, ...shop], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return new Promise((resolve, reject) => {
    running.once('close', () => reject(new Error('The viewer did not start')))
    for (const stream of [running.stdout, running.stderr])
      stream.setEncoding('utf8').on('data', (text) => {
        const found = /http:\/\/127\.0\.0\.1:4398/.exec(text)
        if (found) resolve(found[0])
      })
  })
}

function stop(child) {
  if (!child || child.exitCode !== null) return
  return new Promise((resolve) => {
    child.once('close', resolve)
    child.kill('SIGTERM')
  })
}

/** Waits until the shop has had some of each kind of order. */
async function enoughTraces(url) {
  for (;;) {
    const { matched } = await read(`${url}/api/local/traces`)
    const slow = await read(`${url}/api/local/traces?q=${encodeURIComponent(SLOW)}`)
    if (matched >= 30 && slow.matched >= 2) return
    await new Promise((resolve) => setTimeout(resolve, 1000))
  }
}

async function read(url) {
  return (await fetch(url)).json()
}

async function takeAll(url, theme) {
  const viewport = { width: 1280, height: 760 }
  const page = await browser.newPage({ viewport, colorScheme: theme, deviceScaleFactor: 1.5 })
  await page.route('**/api/local/traces/*', withoutFolder)
  const { slow, failed } = await interesting(url)
  const screens = {
    traces: ['/', '.trace-table .row'],
    trace: [`/traces/${slow.trace}?span=${slow.span}`, '.panel .segments'],
    error: [`/traces/${failed.trace}?span=${failed.span}`, '.panel .stack'],
    sql: [`/traces/${slow.trace}?tab=sql`, '.sql-open .segments'],
    operations: ['/operations', '.row'],
    map: ['/map', '.node'],
    logs: ['/logs', '.table .row, .empty'],
    receiver: ['/receiver', 'table'],
  }
  for (const [name, [path, ready]] of Object.entries(screens)) {
    await page.goto(url + path)
    await page.locator(ready).first().waitFor()
    await page.screenshot({ path: join(folder, `${name}-${theme}.png`), animations: 'disabled' })
    console.log(`docs/pictures/${name}-${theme}.png`)
  }
  await page.close()
}

/** Stacks in the pictures do not say where the project lies on this machine. */
async function withoutFolder(route) {
  const response = await route.fetch()
  const body = (await response.text()).replaceAll(root.replace(/\/$/, ''), '/app')
  await route.fulfill({ response, body })
}

/** The statement of an order that is just slow enough, and an error with its stack. */
async function interesting(url) {
  const find = async (q, isIt) => {
    const { traces } = await read(
      `${url}/api/local/traces?sort=duration&order=asc&limit=1&q=${encodeURIComponent(q)}`,
    )
    const { trace, spans } = await read(`${url}/api/local/traces/${traces[0].id}`)
    return { trace: trace.id, span: spans.filter(isIt).sort((a, b) => b.self - a.self)[0].id }
  }
  return {
    slow: await find(SLOW, ({ sql }) => sql),
    failed: await find('has:exception.stacktrace status:error', ({ events = [] }) =>
      events.some(({ attributes }) => attributes['exception.stacktrace'] !== undefined),
    ),
  }
}
