import type { KeptSpan } from '@callchain/viewer'
import { startTimer, stopTimer } from '../timers.ts'
import { orderByClock } from './chain-span.ts'
import type { SpanCollector } from './collector.ts'
import { type Chain, makeChain } from './make-chain.ts'
import type { ChainCall } from './record-chain.ts'

/** Runs the function, and waits until every span of its chain has arrived. */
export async function collectChain<Result>(
  { store, url }: SpanCollector,
  { parent, run, until, timeout }: ChainCall<Result>,
): Promise<Chain<Result>> {
  const { traceId, spanId } = parent
  const result = await run()
  const make = (): Chain<Result> => {
    const traces = store.story(traceId)
    return makeChain({
      ...{ traceId, result, orderOf: orderByClock },
      spans: traces.flatMap((trace) => store.spans(`trace:${trace}`)),
      repeated: (from) => traces.flatMap((trace) => store.repeated(trace, from)),
    })
  }
  let made = make()
  const isOver = (): boolean => {
    made = make()
    return isConnected(made.spans, spanId) && (until === undefined || until(made))
  }
  if (!(await becomesTrue(isOver, store, timeout)))
    throw new Error(complaint(made, spanId, timeout, url))
  return made
}

/** Asks again whenever something has come; resolves to false at the time limit. */
function becomesTrue(
  isOver: () => boolean,
  store: SpanCollector['store'],
  timeout: number,
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    let stop = (): void => {}
    const limit = startTimer(() => finish(() => resolve(false)), timeout)
    const finish = (settle: () => void): void => {
      stopTimer(limit)
      stop()
      settle()
    }
    const check = (): void => {
      try {
        if (isOver()) finish(() => resolve(true))
      } catch (error) {
        finish(() => reject(error))
      }
    }
    stop = store.subscribe(check)
    check()
  })
}

/** True when a first span is here, and no span's parent is missing. */
function isConnected(spans: readonly KeptSpan[], top: string): boolean {
  return spans.length > 0 && withoutParent(spans, top).length === 0
}

/** Those whose parent is to come. One that links to the chain has a trace of its own, and no parent. */
function withoutParent<Span extends KeptSpan>(spans: readonly Span[], top: string): Span[] {
  const ids = new Set(['', top, ...spans.map(({ id }) => id)])
  return spans.filter(({ parent }) => !ids.has(parent))
}

function complaint(chain: Chain, top: string, timeout: number, url: string): string {
  const begin = `callchain: the chain was not complete after ${timeout} ms;`
  if (chain.spans.length === 0)
    return `${begin} no span of it arrived at ${url}: check that the service sends there, and that the request carried the headers of chain()`
  const lost = withoutParent(chain.spans, top).map(({ name }) => `'${name}'`)
  const missing =
    lost.length === 0 ? '`until` does not hold' : `the parent of ${lost.join(', ')} did not arrive`
  return `${begin} ${missing}; what has arrived:\n\n${chain}`
}
