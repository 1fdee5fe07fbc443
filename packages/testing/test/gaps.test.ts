import { type Gaps, serverContract, type TestRunner } from '@callchain/testing'
import { describe, expect, it } from '@jest/globals'
import { createNodeApp } from './node-application.ts'

const KEPT = "continues the caller's trace"

interface Declared {
  readonly titles: string[]
  readonly tests: Map<string, () => Promise<void>>
}

function declare(gaps: Gaps, createApp = createNodeApp): Declared {
  const declared: Declared = { titles: [], tests: new Map() }
  const runner: TestRunner = {
    describe: (title, body) => {
      declared.titles.push(title)
      body()
    },
    it: (title, body) => void declared.tests.set(title, body),
  }
  serverContract({ name: 'an adapter', createApp, gaps, runner })
  return declared
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
