import { chain, createRecorder, type Recorder } from '@callchain/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { allowRepeated, type GuardHooks, installGuard } from '../../src/chain/guard.ts'
import { type Shop, startShop } from './shop.ts'

let recorder: Recorder
let shop: Shop

beforeAll(async () => {
  recorder = createRecorder()
  shop = await startShop()
})

afterAll(async () => {
  await shop.close()
  await recorder.shutdown()
})

/** A runner of one test, with the guard's hooks around it. */
function guarded(): { run(test: () => Promise<unknown>): Promise<void> } {
  const hooks: { before?: () => void; after?: () => void } = {}
  const runner: GuardHooks = {
    beforeEach: (body) => {
      hooks.before = body
    },
    afterEach: (body) => {
      hooks.after = body
    },
  }
  installGuard(runner)
  return {
    run: async (test) => {
      hooks.before?.()
      await test()
      hooks.after?.()
    },
  }
}

const list = (length: number) => async () => {
  await chain(({ headers }) => request(shop.orders).get(`/lists/${length}`).set(headers))
}

describe('the guard', () => {
  beforeEach(() => {
    delete process.env.CALLCHAIN_GUARD
  })

  it('fails a test in which a statement runs five times, and draws the chain', async () => {
    const guard = guarded()
    await expect(guard.run(list(5))).rejects.toThrow(
      /5 times: select left_over from stock where item = \?/,
    )
    await expect(guard.run(list(5))).rejects.toThrow("To allow it: allowRepeated('…')")
    await guard.run(list(4))
  })

  it('lets pass what is allowed, in one test or in all', async () => {
    const guard = guarded()
    await guard.run(async () => {
      allowRepeated('FROM stock')
      await list(6)()
    })
    await expect(guard.run(list(6))).rejects.toThrow('6 times')
    await guard.run(async () => {
      allowRepeated(/^select left_over/)
      await list(6)()
    })
  })

  it('does nothing with CALLCHAIN_GUARD=0, and takes another number', async () => {
    process.env.CALLCHAIN_GUARD = '0'
    await guarded().run(list(20))
    process.env.CALLCHAIN_GUARD = 'many'
    expect(() => guarded()).toThrow("CALLCHAIN_GUARD cannot be 'many'; allowed: 0 to switch it off")
  })

  it('makes a recorder where there is none, which gives way to one of the test', async () => {
    await recorder.shutdown()
    const guard = guarded()
    await guard.run(list(2))
    await expect(
      guard.run(async () => {
        recorder = createRecorder()
        await list(7)()
      }),
    ).rejects.toThrow('7 times')
  })

  it('names what cannot be allowed', () => {
    expect(() => allowRepeated('')).toThrow("allowRepeated() cannot be ''")
  })
})
