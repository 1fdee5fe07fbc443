import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common'
import { BaseExceptionFilter, type HttpAdapterHost } from '@nestjs/core'
import { noteException } from './note-exception.ts'

const noting = new WeakSet<object>()

/**
 * The filter that is asked last: sees what guards and middlewares throw, and has Nest answer it as it
 * would have without.
 */
export function createNotingFilter(host: HttpAdapterHost): ExceptionFilter {
  const filter = new NotingFilter(host.httpAdapter)
  noting.add(filter)
  return filter
}

class NotingFilter extends BaseExceptionFilter {
  override catch(exception: unknown, host: ArgumentsHost): void {
    noteException(exception, host)
    // Elsewhere, nothing given back means that Nest's own handler goes on.
    if (host.getType() === 'http') super.catch(exception, host)
  }
}

Catch()(NotingFilter)

/** Has a filter of the application note what it is given, before it answers it. */
export function noteInFilter(filter: ExceptionFilter): void {
  if (noting.has(filter) || typeof filter.catch !== 'function') return
  noting.add(filter)
  const { catch: answer } = filter
  filter.catch = function (this: ExceptionFilter, exception: unknown, host: ArgumentsHost) {
    noteException(exception, host)
    return Reflect.apply(answer, this, [exception, host])
  }
}
