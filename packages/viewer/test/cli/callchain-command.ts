import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, jest } from '@jest/globals'
import { buildSync } from 'esbuild'

/** A command line that runs. */
export interface Run {
  readonly child: ChildProcess
  readonly output: () => string
  /** Resolves when the output matches. */
  readonly says: (pattern: RegExp) => Promise<RegExpExecArray>
  readonly ends: Promise<number | null>
}

/** The command, in processes of its own that end with each test. */
export interface Command {
  /** The file that is run. */
  readonly bundle: string
  readonly callchain: (args: readonly string[], env?: NodeJS.ProcessEnv) => Run
  /** Writes a file in the folder in which the command runs; its whole path. */
  readonly write: (name: string, content: string | Uint8Array) => string
}

/** Builds the command from source for the tests of a file. */
export function commandForTests(): Command {
  // A busy machine takes its time; nothing here waits for a time of its own.
  jest.setTimeout(180_000)
  const folder = mkdtempSync(join(tmpdir(), 'callchain-viewer-'))
  const bundle = join(folder, 'callchain.cjs')
  const children = new Set<ChildProcess>()
  beforeAll(() => {
    buildSync({
      entryPoints: [join(__dirname, '../../src/cli.ts')],
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
  return {
    bundle,
    callchain(args, env = {}) {
      const {
        NODE_OPTIONS: _,
        CALLCHAIN_TOKEN: __,
        CALLCHAIN_TRACE_LINK: ___,
        ...own
      } = process.env
      const child = spawn(process.execPath, [bundle, ...args], {
        cwd: folder,
        env: { ...own, ...env },
      })
      children.add(child)
      return watch(child)
    },
    write(name, content) {
      const file = join(folder, name)
      writeFileSync(file, content)
      return file
    },
  }
}

/** The address that the command has said. */
export async function urlOf(run: Run): Promise<string> {
  return (await run.says(/(http:\/\/127\.0\.0\.1:\d+)/))[1] ?? ''
}

function watch(child: ChildProcess): Run {
  let output = ''
  const { stdout, stderr } = child
  if (stdout === null || stderr === null) throw new Error('its output is not read')
  for (const stream of [stdout, stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  const ends = once(child, 'close').then(([code]) => code)
  return {
    child,
    output: () => output,
    ends,
    async says(pattern) {
      for (;;) {
        const match = pattern.exec(output)
        if (match !== null) return match
        await Promise.race([
          once(stdout, 'data'),
          once(stderr, 'data'),
          ends.then(() => {
            if (!pattern.test(output)) throw new Error(`it ended, and said: ${output}`)
          }),
        ])
      }
    },
  }
}
