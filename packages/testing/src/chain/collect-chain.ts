import type { KeptSpan } from '@callchain/viewer'
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
  const make = (spans: readonly KeptSpan[]): Chain<Result> =>
    makeChain({
      ...{ traceId, result, spans, orderOf: orderByClock },
      repeated: (from) => store.repeated(traceId, from),
    })
  const isOver = (spans: readonly KeptSpan[]): boolean =>
    isConnected(spans, spanId) && (until === undefined || until(make(spans)))
  const deadline = performance.now() + timeout
  const query = `trace:${traceId}`
  let spans = store.spans(query)
  while (!isOver(spans)) {
    const left = deadline - performance.now()
    const next = left <= 0 ? undefined : await nextOf(store, query, spans.length, left)
    if (next === undefined) throw new Error(complaint(make(spans), timeout, url))
    spans = next
  }
  return make(spans)
}

/** The spans once there are more of them; undefined when none comes in time. */
async function nextOf(
  store: SpanCollector['store'],
  query: string,
  count: number,
  timeout: number,
): Promise<KeptSpan[] | undefined> {
  try {
    return await store.waitFor(query, { count: count + 1, timeout: Math.ceil(timeout) })
  } catch {
    return undefined
  }
}

/** True when the first span is here, and no span's parent is missing. */
function isConnected(spans: readonly KeptSpan[], top: string): boolean {
  const ids = new Set(spans.map(({ id }) => id))
  return spans.length > 0 && spans.every(({ parent }) => parent === top || ids.has(parent))
}

function complaint(chain: Chain, timeout: number, url: string): string {
  const missing =
    chain.spans.length === 0
      ? `no span of it arrived at ${url}: check that the service sends there, that the request carried the headers of chain(), and that the service does not distrust them (trust: 'edge')`
      : 'what has arrived:'
  return `callchain: the chain was not complete after ${timeout} ms; ${missing}\n\n${chain}`
}
