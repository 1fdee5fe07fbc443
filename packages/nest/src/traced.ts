import { types } from 'node:util'
import { errorType, markFailed } from '@callchain/core/internal'
import { type Span, trace } from '@opentelemetry/api'

type Method = (this: unknown, ...args: unknown[]) => unknown

/**
 * Makes a span of each call of a provider's method, named `Class.method` unless a name is given; it
 * ends when what the method returns has settled. What the method throws is recorded and stays thrown.
 *
 * @example
 * ```ts
 * @Injectable()
 * export class Prices {
 *   @Traced()
 *   async of(item: string): Promise<number> {
 *     return this.database.priceOf(item)
 *   }
 * }
 * ```
 */
export function Traced(name?: string): MethodDecorator {
  return (target, key, descriptor: PropertyDescriptor) => {
    const method = descriptor.value as Method
    const spanName = name ?? `${target.constructor.name}.${String(key)}`
    function traced(this: unknown, ...args: unknown[]): unknown {
      return trace
        .getTracer('@callchain/nest')
        .startActiveSpan(spanName, (span) => run(span, () => Reflect.apply(method, this, args)))
    }
    // Nest keeps what other decorators say of a method on the method itself.
    for (const each of Reflect.ownKeys(method)) {
      const property = Reflect.getOwnPropertyDescriptor(method, each)
      if (property?.configurable) Object.defineProperty(traced, each, property)
    }
    copyMetadata(method, traced)
    descriptor.value = traced
    return descriptor as never
  }
}

function run(span: Span, call: () => unknown): unknown {
  const fail = (error: unknown): never => {
    markFailed(span, errorType(error), error)
    span.end()
    throw error
  }
  try {
    const result = call()
    if (!types.isPromise(result)) {
      span.end()
      return result
    }
    return result.then((value) => {
      span.end()
      return value
    }, fail)
  } catch (error) {
    return fail(error)
  }
}

interface WithMetadata {
  getOwnMetadataKeys?(target: object): unknown[]
  getOwnMetadata?(key: unknown, target: object): unknown
  defineMetadata?(key: unknown, value: unknown, target: object): void
}

// That of `reflect-metadata`, which Nest has loaded.
function copyMetadata(from: object, to: object): void {
  const reflect = Reflect as WithMetadata
  for (const key of reflect.getOwnMetadataKeys?.(from) ?? []) {
    reflect.defineMetadata?.(key, reflect.getOwnMetadata?.(key, from), to)
  }
}
