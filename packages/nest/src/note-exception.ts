import { noteError } from '@callchain/core'
import { openMessage } from '@callchain/core/internal'
import { type ArgumentsHost, HttpException } from '@nestjs/common'

/**
 * Tells the span of a request what was thrown in it; whether it was an error is decided by the answer. That
 * to a message is always an error.
 */
export function noteException(exception: unknown, host: ArgumentsHost): void {
  if (host.getType() === 'rpc' || host.getType() === 'ws') {
    const message = openMessage()
    if (message === undefined)
      noteError(exception) // A call of gRPC.
    else message.fail(exception)
    return
  }
  // It is meant for the caller. Of a request that breaks off, it is not the cause.
  if (exception instanceof HttpException && exception.getStatus() < 500) return
  const request: unknown = host.getType() === 'http' ? host.switchToHttp().getRequest() : undefined
  if (typeof request === 'object' && request !== null) noteError(exception, request)
  else noteError(exception)
}
