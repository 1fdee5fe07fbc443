import { noteError } from '@callchain/core'
import { type ArgumentsHost, HttpException } from '@nestjs/common'

/** Tells the span of a request what was thrown in it; whether it was an error is decided by the answer. */
export function noteException(exception: unknown, host: ArgumentsHost): void {
  // It is meant for the caller. Of a request that breaks off, it is not the cause.
  if (exception instanceof HttpException && exception.getStatus() < 500) return
  const request: unknown = host.getType() === 'http' ? host.switchToHttp().getRequest() : undefined
  if (typeof request === 'object' && request !== null) noteError(exception, request)
  else noteError(exception)
}
