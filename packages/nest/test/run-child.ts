import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { build, type Plugin } from 'esbuild'

const root = join(__dirname, '../../..')

/** Where each line of Nest is installed. Nest 12 is ES modules alone, which Jest cannot load. */
export const LINES = { 'Nest 12': 'packages/nest', 'Nest 11': 'test/nest-11' } as const

export type Line = keyof typeof LINES

const ourSources: Plugin = {
  name: 'our sources',
  setup: ({ onLoad, onResolve }) => {
    // Declarations with "export" make esbuild take a CommonJS file for an ES module.
    onLoad({ filter: /\.cts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll(/^export declare [\s\S]*?\n(?=\S)/gm, ''),
      loader: 'ts',
    }))
    onResolve({ filter: /^@callchain\// }, ({ path }) => {
      const [, name, door = 'index'] = path.split('/')
      return { path: join(root, `packages/${name}/src/${door}.ts`) }
    })
    onResolve({ filter: /^[^.]/ }, ({ path, kind }) =>
      kind === 'entry-point' ? undefined : { path, external: true },
    )
  },
}

/**
 * Runs a program from `test/child` in a process of its own, on a line of Nest and on our sources; resolves
 * to the values that it printed, one a line.
 */
export async function runChild<T>(line: Line, program: string, args: string[]): Promise<T[]> {
  const outfile = join(
    root,
    LINES[line],
    `.child-${process.pid}-${program}-${args.map((each) => basename(each)).join('-')}.mjs`,
  )
  await build({
    entryPoints: [join(__dirname, 'child', program)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    // What our sources load only when it is asked for, they require.
    banner: {
      js: "import { createRequire as ofHere } from 'node:module'\nconst require = ofHere(import.meta.url)",
    },
    target: 'node20',
    plugins: [ourSources],
  })
  try {
    const child = spawn(process.execPath, [outfile, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [printed] = await Promise.all([text(child.stdout), once(child, 'close')])
    return printed
      .split('\n')
      .filter((each) => each.startsWith('{'))
      .map((each) => JSON.parse(each))
  } finally {
    rmSync(outfile, { force: true })
  }
}
