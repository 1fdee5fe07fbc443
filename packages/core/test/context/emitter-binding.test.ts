import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { context, createContextKey, ROOT_CONTEXT } from '@opentelemetry/api'
import { bindEmitter } from '../../src/context/emitter-binding.ts'
import { createRequestContext } from '../../src/context/request-context.ts'
import { createScope } from '../../src/context/scope.ts'
import { tracedRequest } from '../../src/context/traced-requests.ts'
import { createContextManager } from '../../src/index.ts'

const KEY = createContextKey('test')

beforeEach(() => {
  context.setGlobalContextManager(createContextManager())
})
afterEach(() => context.disable())

function heard(emitter: EventEmitter): unknown[] {
  const values: unknown[] = []
  emitter.on('x', (...args) => values.push(context.active().getValue(KEY), ...args))
  return values
}

describe('bindEmitter', () => {
  it('keeps its context under an emit that others put over it, and what is known with a copy of its properties', () => {
    const emitter = new EventEmitter()
    const values = heard(emitter)
    const traced = { call: undefined, step: undefined }
    bindEmitter(emitter, ROOT_CONTEXT.setValue(KEY, 1), undefined, false, traced)
    expect(tracedRequest(emitter)).toBe(traced)
    const { emit } = emitter
    emitter.emit = function (...args) {
      return emit.apply(this, args)
    }
    emitter.emit('x')
    expect(values).toEqual([1])
    expect(tracedRequest(emitter)).toBeUndefined()
    Object.assign(emitter.emit, emit)
    expect(tracedRequest(emitter)).toBe(traced)
  })

  it('runs listeners in the context, also those that were there before', () => {
    const emitter = new EventEmitter()
    const values = heard(emitter)
    bindEmitter(emitter, ROOT_CONTEXT.setValue(KEY, 1))
    expect(emitter.emit('x', 'a', 'b')).toBe(true)
    expect(emitter.emit('y')).toBe(false)
    expect(values).toEqual([1, 'a', 'b'])
    expect(emitter.listenerCount('x')).toBe(1)
  })

  it('lets the last to bind win and keeps the watcher', () => {
    const emitter = new EventEmitter()
    const watched: unknown[] = []
    const values = heard(emitter)
    bindEmitter(emitter, ROOT_CONTEXT.setValue(KEY, 1), {
      watch: (event) => void watched.push(event),
    })
    bindEmitter(emitter, ROOT_CONTEXT.setValue(KEY, 2))
    emitter.emit('x')
    expect(values).toEqual([2])
    expect(watched).toEqual(['x'])
  })

  it('takes the watcher of a later binding where the first had none', () => {
    const emitter = new EventEmitter()
    const watched: unknown[] = []
    bindEmitter(emitter, ROOT_CONTEXT)
    bindEmitter(emitter, ROOT_CONTEXT, { watch: (event) => void watched.push(event) })
    emitter.emit('x')
    expect(watched).toEqual(['x'])
  })

  it('leaves an inner context of the same request as it is', () => {
    const emitter = new EventEmitter()
    const values = heard(emitter)
    const request = createRequestContext(ROOT_CONTEXT.setValue(KEY, 1), undefined, createScope())
    bindEmitter(emitter, request)
    context.with(request.setValue(KEY, 'inner'), () => emitter.emit('x'))
    emitter.emit('x')
    expect(values).toEqual(['inner', 1])
  })

  it('is how the context manager binds emitters', () => {
    const emitter = new EventEmitter()
    const values = heard(emitter)
    expect(context.bind(ROOT_CONTEXT.setValue(KEY, 3), emitter)).toBe(emitter)
    emitter.emit('x')
    expect(values).toEqual([3])
  })
})

describe('the context manager', () => {
  it('binds functions, with their this, arguments and length', () => {
    const owner = {
      add(a: number, b: number) {
        return [this === owner, a + b, context.active().getValue(KEY)]
      },
    }
    const bound = context.bind(ROOT_CONTEXT.setValue(KEY, 4), owner.add)
    expect(bound).toHaveLength(2)
    expect(bound.call(owner, 1, 2)).toEqual([true, 3, 4])
  })

  it('keeps contexts of interleaved work apart', async () => {
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        context.with(ROOT_CONTEXT.setValue(KEY, index), async () => {
          await new Promise(setImmediate)
          return context.active().getValue(KEY)
        }),
      ),
    )
    expect(results).toEqual(results.map((_, index) => index))
    expect(context.active()).toBe(ROOT_CONTEXT)
  })
})
