import { types } from 'node:util'
import type { DeliveryCall, MessageTracer } from '@callchain/core'
import { type OpenMessage, withOpenMessage } from '@callchain/core/internal'
import { type Context, context } from '@opentelemetry/api'
import { isObservable, Observable } from 'rxjs'
import { receivedMessage } from './received-message.ts'
import type { KeptHandler } from './types.ts'

/** What handlers are asked by: who calls them, and what they are called. */
export interface Handled {
  readonly tracer: MessageTracer
  readonly system: string
  readonly destination: string | undefined
}

// One message has one span, however many handlers of an event there are.
const handledNow = new WeakSet<object>()

/** A handler that opens the span of its message, which ends when the last of its answer has been given. */
export function tracedHandler(handler: KeptHandler, handled: Handled): KeptHandler {
  const traced: KeptHandler = function (this: unknown, ...args: unknown[]): unknown {
    const rpc = args.at(-1)
    const own = typeof rpc === 'object' && rpc !== null ? rpc : undefined
    if (own !== undefined && handledNow.has(own)) return Reflect.apply(handler, this, args)
    if (own !== undefined) handledNow.add(own)
    const call = handled.tracer.receive({
      system: handled.system,
      operation: 'process',
      destination: handled.destination,
      messages: [receivedMessage(rpc, context.active())],
    })
    return new HandledMessage(call).run(() => Reflect.apply(handler, this, args))
  }
  // Nest hangs the next handler of an event on the one that it knows.
  return Object.defineProperty(traced, 'next', {
    get: () => handler.next,
    set: (next: KeptHandler['next']) => {
      handler.next = next
    },
    configurable: true,
  })
}

/** A message that is being handled. */
class HandledMessage implements OpenMessage {
  private readonly call: DeliveryCall
  private readonly within: Context
  private failure: { readonly error: unknown } | undefined

  constructor(call: DeliveryCall) {
    this.call = call
    this.within = withOpenMessage(call.context, this)
  }

  fail(error: unknown): void {
    this.failure = { error }
  }

  run(handle: () => unknown): unknown {
    try {
      const result = context.with(this.within, handle)
      if (!types.isPromise(result)) return this.answer(result)
      return result.then(
        (value) => this.answer(value),
        (error: unknown) => this.end(error),
      )
    } catch (error) {
      return this.end(error)
    }
  }

  private answer(value: unknown): unknown {
    if (isObservable(value)) return this.followed(value)
    this.call.settle(this.failure)
    return value
  }

  // What Nest answers an exception with is not the exception: one that was noted says more.
  private end(error: unknown): never {
    this.call.settle(this.failure ?? { error })
    throw error
  }

  private followed(answers: Observable<unknown>): Observable<unknown> {
    return new Observable((subscriber) => {
      const { call, within } = this
      const subscription = context.with(within, () =>
        answers.subscribe({
          next: (value) => subscriber.next(value),
          error: (error: unknown) => {
            call.settle(this.failure ?? { error })
            subscriber.error(error)
          },
          complete: () => {
            call.settle(this.failure)
            subscriber.complete()
          },
        }),
      )
      // Nobody waits for the rest.
      subscriber.add(() => {
        subscription.unsubscribe()
        call.settle(this.failure)
      })
    })
  }
}
