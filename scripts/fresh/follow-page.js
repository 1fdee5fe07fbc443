import { execFile } from 'node:child_process'
import { appendFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { readPage } from './read-page.js'
import { plainLines, runProgram } from './run-program.js'

/** What the smaller programs of a page show: one request. */
const ONE_REQUEST = 'orders trace 0\nSERVER  GET /orders/:id  1 ms  200  server.address=localhost'

/**
 * Follows a page as a reader does, in a new folder in `place`: copies its files, types its commands,
 * and compares what they say with what the page says. The clone is there already, with its tarballs.
 * Returns the names of the programs that ran; throws for what is not as the page says.
 */
export async function followPage(page, { place, clone, env }) {
  const folder = join(place, 'application')
  mkdirSync(folder, { recursive: true })
  // The README clones into the folder; the other pages have the clone next to it.
  for (const parent of [folder, place]) symlinkSync(clone, join(parent, 'callchain'), 'dir')
  const steps = await readPage(page)
  for (const { file, code } of steps) if (file) appendFileSync(join(folder, file), `${code}\n\n`)
  for (const { command = '' } of steps)
    if (/^npm (?:init|install)\b/.test(command)) await shell(command, folder, env)
  const runs = runsOf(steps)
  const files = [...new Set(steps.flatMap(({ file }) => file ?? []))]
  for (const file of files.filter((name) => !['tracing.js', 'app.js'].includes(name)))
    runs.push(...(await otherRuns(file, runs[0], folder, env)))
  for (const run of runs) compare(run, await runAlone(withLines(run), { folder, env, ...run }))
  return runs.map(({ title }) => title)
}

/** Each program that the page starts, with the request to it and the output that is promised. */
function runsOf(steps) {
  const runs = []
  for (const { command = '', output } of steps) {
    const last = runs.at(-1)
    if (/\bnode app\.js$/.test(command)) runs.push({ title: command, program: command })
    else if (command.startsWith('curl ')) last.curl = command
    else if (output !== undefined && last?.curl && !last.output) last.output = output
  }
  if (runs.length === 0) throw new Error('the page starts no program')
  return runs
}

/** A page's other programs; those in CommonJS also as the app.js of a package that npm has made. */
async function otherRuns(file, { program, curl }, folder, env) {
  const run = { curl, output: ONE_REQUEST }
  const runs = [{ ...run, title: file, program: program.replace('app.js', file) }]
  if (!file.endsWith('.cjs')) return runs
  const inner = join(folder, file.replace('.', '-'))
  mkdirSync(inner)
  await shell('npm init -y', inner, env)
  writeFileSync(join(inner, 'app.js'), readFileSync(join(folder, file)))
  const { type = 'none' } = JSON.parse(readFileSync(join(inner, 'package.json'), 'utf8'))
  return [...runs, { ...run, title: `${file} as app.js, type ${type}`, program, folder: inner }]
}

let viewer = Promise.resolve()

/** The viewer has one port: who follows a page at the same time waits until it is free again. */
function runAlone(run, place) {
  if (!/\bcallchain run\b/.test(run.program)) return runProgram(run, place)
  const result = viewer.then(() => runProgram(run, place))
  viewer = result.then(
    () => {},
    () => {},
  )
  return result
}

function withLines(run) {
  return { ...run, lines: plainLines(run.output).length }
}

function compare({ title, output }, said) {
  const [actual, promised] = [said, output].map((text) => plainLines(text).map(withoutFigures))
  if (actual.join('\n') === promised.join('\n')) return
  throw new Error(`${title} does not say what the page promises:\n${said}\nPromised:\n${output}`)
}

function withoutFigures(line) {
  return line
    .replace(/\btrace [\da-f]+/, 'trace ID')
    .replace(/ +[\d.]+ m?s\b/, '  TIME')
    .replace(/(?<=127\.0\.0\.1):\d+.*/, ':PORT')
}

async function shell(command, cwd, env) {
  try {
    await promisify(execFile)('bash', ['-c', command], { cwd, env })
  } catch (error) {
    throw new Error(`${command} failed:\n${error.stdout}${error.stderr}`)
  }
}
