import {
  type DatabaseUnderTest,
  databaseContract,
  type Gaps,
  serverContract,
  type TestRunner,
} from '@callchain/testing'
import { describe, expect, it } from '@jest/globals'
import { createNodeApp } from './node-application.ts'

const KEPT = "continues the caller's trace"

interface Declared {
  readonly titles: string[]
  readonly tests: Map<string, () => Promise<void>>
}

function declareWith(declareContract: (runner: TestRunner) => void): Declared {
  const declared: Declared = { titles: [], tests: new Map() }
  declareContract({
    describe: (title, body) => {
      declared.titles.push(title)
      body()
    },
    it: (title, body) => void declared.tests.set(title, body),
  })
  return declared
}

function declare(gaps: Gaps, createApp = createNodeApp): Declared {
  return declareWith((runner) => serverContract({ name: 'an adapter', createApp, gaps, runner }))
}

describe('the gaps of a contract', () => {
  it('must name promises that there are', () => {
    expect(() => declare({ 'flies to the moon': 'no rocket' })).toThrow(
      /no promise is named 'flies to the moon'/,
    )
  })

  it('go red once the promise is kept', async () => {
    const { tests } = declare({ [KEPT]: 'a reason of old' })
    const test = tests.get(`known gap (a reason of old): ${KEPT}`)
    await expect(test?.()).rejects.toThrow(/this gap is closed/)
  })

  it('are green while the promise is not kept', async () => {
    const untraced = () => ({
      listener: (_req: unknown, res: { end(): unknown }) => void res.end(),
    })
    const { tests } = declare({ [KEPT]: 'it is not traced' }, untraced)
    await expect(tests.get(`known gap (it is not traced): ${KEPT}`)?.()).resolves.toBeUndefined()
  })

  it('show in the title, next to the number of promises', () => {
    const { titles, tests } = declare({ [KEPT]: 'a reason' })
    expect(titles[0]).toBe(`an adapter: ${tests.size} promises, 1 named gap`)
    expect(tests.size).toBeGreaterThan(80)
  })

  it('leave a promise that is broken red', async () => {
    const untraced = () => ({
      listener: (_req: unknown, res: { end(): unknown }) => void res.end(),
    })
    await expect(declare({}, untraced).tests.get(KEPT)?.()).rejects.toThrow(/waited \d+ ms/)
  })
})

describe('a driver that lacks what a promise needs', () => {
  const expected = () => ({ name: 'READ', attributes: {} })
  const database: DatabaseUnderTest = {
    connect: async () => ({ read: async () => 1, fail: async () => 1, close: async () => {} }),
    read: expected,
    fail: expected,
  }
  const needs = {
    'runs each callback in the context it was given in when they wait for one connection':
      'there is no form with a callback',
    'makes a failed CLIENT span of what never reaches a server, and measures it':
      'there is no connection to a server that is not there',
    'reports a failure if one of several statements sent together was refused, whatever the answer is':
      'there is no call that sends several statements as one',
    'runs what an idle connection says in no request, though one traced and opened it':
      'there is no word of an idle connection',
  }

  it.each(Object.entries(needs))('must name this as a gap: %s', async (promise, message) => {
    const unnamed = declareWith((runner) => databaseContract({ name: 'x', database, runner }))
    await expect(unnamed.tests.get(promise)?.()).rejects.toThrow(message)
    const gaps = { [promise]: 'no such thing' }
    const named = declareWith((runner) => databaseContract({ name: 'x', database, gaps, runner }))
    await named.tests.get(`known gap (no such thing): ${promise}`)?.()
  })
})
