import { AsyncLocalStorage } from 'node:async_hooks'
import { channel } from 'node:diagnostics_channel'
import { describe, expect, it } from '@jest/globals'
import { createContextKey, ROOT_CONTEXT } from '@opentelemetry/api'
import { createContextManager } from '../../src/index.ts'

const KEY = createContextKey('test')
const [ONE, TWO] = [1, 2].map((value) => ROOT_CONTEXT.setValue(KEY, value)) as [
  typeof ROOT_CONTEXT,
  typeof ROOT_CONTEXT,
]

describe('a context that is attached', () => {
  const manager = createContextManager()
  const value = () => manager.active().getValue(KEY)

  it('is active until it is disposed, and then the one before it is', () => {
    const outer = manager.attach(ONE)
    expect(value()).toBe(1)
    const inner = manager.attach(TWO)
    expect(value()).toBe(2)
    inner.dispose()
    expect(value()).toBe(1)
    outer.dispose()
    expect(manager.active()).toBe(ROOT_CONTEXT)
  })

  it('is disposed once', () => {
    const token = manager.attach(ONE)
    token.dispose()
    manager.with(TWO, () => {
      token.dispose()
      expect(value()).toBe(2)
    })
  })

  it('is gone with the callback of `with` that it was attached in', () => {
    manager.with(ONE, () => manager.attach(TWO))
    expect(manager.active()).toBe(ROOT_CONTEXT)
  })

  it('goes on into what is begun meanwhile, and nowhere else', async () => {
    const token = manager.attach(ONE)
    const begun = new Promise<unknown>((done) => setImmediate(() => done(value())))
    token.dispose()
    const after = new Promise<unknown>((done) => setImmediate(() => done(value())))
    expect(await begun).toBe(1)
    expect(await after).toBeUndefined()
  })

  it('spans the callbacks of a diagnostics channel that begin and end an operation', () => {
    const [start, end] = [channel('test:start'), channel('test:end')]
    const tokens: { dispose(): void }[] = []
    const begin = () => void tokens.push(manager.attach(TWO))
    const finish = () => tokens.pop()?.dispose()
    start.subscribe(begin)
    end.subscribe(finish)
    start.publish({})
    expect(AsyncLocalStorage.snapshot()(value)).toBe(2)
    end.publish({})
    expect(value()).toBeUndefined()
    start.unsubscribe(begin)
    end.unsubscribe(finish)
  })
})
