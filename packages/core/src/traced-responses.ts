import type { NodeResponse } from './framework-request.ts'

const TRACED = Symbol.for('callchain.traced')

// One set for every copy of this package. A mark on the response itself would cost more: a framework
// may have given it a hidden class of its own.
function tracedResponses(): WeakSet<NodeResponse> {
  const holder = globalThis as { [TRACED]?: WeakSet<NodeResponse> }
  holder[TRACED] ??= new WeakSet()
  return holder[TRACED]
}

/** Whether a response is followed already, by whichever copy of this package. */
export function isTraced(res: NodeResponse): boolean {
  return tracedResponses().has(res)
}

/** Notes that a response is followed. */
export function markTraced(res: NodeResponse): void {
  tracedResponses().add(res)
}
