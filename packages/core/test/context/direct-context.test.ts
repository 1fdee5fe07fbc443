import { AsyncLocalStorage } from 'node:async_hooks'
import { afterEach, expect, test } from '@jest/globals'
import {
  type Context,
  type ContextManager,
  context,
  createContextKey,
  ROOT_CONTEXT,
} from '@opentelemetry/api'
import { createContextManager } from '../../src/context/context-manager.ts'
import { activeContext, enterContext } from '../../src/context/direct-context.ts'

const KEY = createContextKey('direct')
const entered = ROOT_CONTEXT.setValue(KEY, 'here')

afterEach(() => context.disable())

/** A context manager that is not ours. */
function createOther(): ContextManager {
  const storage = new AsyncLocalStorage<Context>()
  const manager: ContextManager = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (entered, callback, thisArg, ...args) =>
      storage.run(entered, () => callback.apply(thisArg as never, args)),
    bind: (_, target) => target,
    enable: () => manager,
    disable: () => manager,
  }
  return manager
}

function use(manager: ContextManager): void {
  context.disable()
  context.setGlobalContextManager(manager)
}

test.each([
  ['ours', () => createContextManager()],
  ['another', () => createOther()],
])('%s: what is entered is active for all, after an await too', async (_, create) => {
  use(create())
  const seen = await enterContext(entered, async () => {
    await null
    return [activeContext(), context.active()]
  })
  expect(seen).toEqual([entered, entered])
  context.with(entered, () => expect(activeContext()).toBe(entered))
  expect(activeContext()).toBe(ROOT_CONTEXT)
})

test('the callback gets its arguments, and what it returns or throws comes out', () => {
  use(createContextManager())
  expect(enterContext(entered, (one: number, two: number) => one + two, 1, 2)).toBe(3)
  const fail = (): never => {
    throw new Error('boom')
  }
  expect(() => enterContext(entered, fail)).toThrow('boom')
  expect(activeContext()).toBe(ROOT_CONTEXT)
})

test('another manager that is registered later is asked from then on, and none leaves the callback alone', () => {
  use(createContextManager())
  expect(enterContext(entered, activeContext)).toBe(entered)
  use(createOther())
  expect(enterContext(entered, activeContext)).toBe(entered)
  context.disable()
  expect(enterContext(entered, activeContext)).toBe(ROOT_CONTEXT)
  use(createContextManager())
  expect(enterContext(entered, () => context.active())).toBe(entered)
})

test('a manager that adds to each context is asked, whoever made it', () => {
  const other = createContextKey('added')
  const manager = createOther()
  use({ ...manager, active: () => manager.active().setValue(other, true) })
  expect(enterContext(entered, () => activeContext().getValue(other))).toBe(true)
})
