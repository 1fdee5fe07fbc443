import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common'
import { type Observable, tap } from 'rxjs'
import { noteException } from './note-exception.ts'

/** Sees what pipes and handlers throw, also where a filter of the controller answers it. */
export class NotingInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next
      .handle()
      .pipe(tap({ error: (exception: unknown) => noteException(exception, context) }))
  }
}
