import { type Gaps, serverContract } from '@callchain/testing'
import { describe, it, jest } from '@jest/globals'
import { LINES, type Line, runChild } from './run-child.ts'

// The first test of each platform waits for all that its process does.
jest.setTimeout(240_000)

interface Checked {
  readonly name: string
  readonly fault?: string
}

const GAPS: Record<string, Gaps> = {
  express: {
    'ends as an error when the client leaves in the middle of its upload':
      'Nest answers a broken upload, on a connection that has gone',
  },
  fastify: {
    'traces a path that cannot be decoded': 'Fastify answers it without running any hook',
    'runs the next middleware in its own context as well':
      "Nest's middlewares run in one hook of Fastify's: inRequest(request, next) in the callback does it",
  },
}

for (const line of Object.keys(LINES) as Line[]) {
  for (const platform of ['express', 'fastify']) {
    holdToContract(line, platform, 'sdk')
  }
}
holdToContract('Nest 12', 'express', 'recorder')

function holdToContract(line: Line, platform: string, provider: 'sdk' | 'recorder'): void {
  const checked = runChild<Checked>(line, 'run-contract.ts', [platform, provider])
  serverContract({
    name: `${line} on ${platform}${provider === 'recorder' ? ', with the spans of the recorder' : ''}`,
    gaps: GAPS[platform] ?? {},
    createApp: () => {
      throw new Error('it is built in the process that runs the contract')
    },
    runner: {
      describe,
      it: (title) => it(title, async () => expectHeld(await checked, title)),
    },
  })
}

const KNOWN_GAP = /^known gap \(.*\): /

function expectHeld(all: readonly Checked[], title: string): void {
  const name = title.replace(KNOWN_GAP, '')
  const found = all.find((each) => each.name === name)
  if (found === undefined) throw new Error('the promise was not checked')
  const isGap = title !== name
  if (isGap && found.fault === undefined) throw new Error(`this gap is closed: ${name}`)
  if (!isGap && found.fault !== undefined) throw new Error(found.fault)
}
