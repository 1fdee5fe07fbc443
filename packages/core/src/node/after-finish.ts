import { EventEmitter } from 'node:events'
import type { NodeResponse } from '../http/framework-request.ts'

/** Calls back once the listeners of the `finish` that is being emitted have run. */
export function afterFinish(res: NodeResponse, callback: () => void): void {
  if (res instanceof EventEmitter) res.once('finish', callback)
  else process.nextTick(callback)
}
