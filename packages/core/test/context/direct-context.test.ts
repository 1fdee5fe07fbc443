import { afterEach, expect, test } from '@jest/globals'
import { type ContextManager, context, createContextKey, ROOT_CONTEXT } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { createContextManager } from '../../src/context/context-manager.ts'
import { activeContext, enterContext } from '../../src/context/direct-context.ts'

const KEY = createContextKey('direct')
const entered = ROOT_CONTEXT.setValue(KEY, 'here')

afterEach(() => context.disable())

function use(manager: ContextManager): void {
  context.disable()
  context.setGlobalContextManager(manager.enable())
}

test.each([
  ['ours', () => createContextManager()],
  ["OpenTelemetry's", () => new AsyncLocalStorageContextManager()],
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
  use(new AsyncLocalStorageContextManager())
  expect(enterContext(entered, activeContext)).toBe(entered)
  context.disable()
  expect(enterContext(entered, activeContext)).toBe(ROOT_CONTEXT)
  use(createContextManager())
  expect(enterContext(entered, () => context.active())).toBe(entered)
})

test('a manager that adds to each context is asked, whoever made it', () => {
  const other = createContextKey('added')
  const manager = new AsyncLocalStorageContextManager()
  const adding = Object.assign(Object.create(manager), {
    active: () => manager.active().setValue(other, true),
  })
  use(adding)
  expect(enterContext(entered, () => activeContext().getValue(other))).toBe(true)
})
