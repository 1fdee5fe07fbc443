import { until } from './until.ts'

/** A span as Zipkin gives it back. */
export interface ZipkinSpan {
  readonly traceId: string
  readonly id: string
  readonly parentId?: string
  readonly kind?: string
  readonly name: string
  readonly timestamp: number
  readonly duration: number
  readonly localEndpoint: { readonly serviceName: string }
  readonly remoteEndpoint?: { readonly serviceName?: string; readonly port?: number }
  readonly annotations?: readonly { readonly timestamp: number; readonly value: string }[]
  readonly tags?: Readonly<Record<string, string>>
}

/** One arrow of Zipkin's dependency graph. */
export interface ZipkinLink {
  readonly parent: string
  readonly child: string
  readonly callCount: number
  readonly errorCount?: number
}

/** Where spans are sent to. */
export const zipkinEndpoint = `${process.env.ZIPKIN_URL}/api/v2/spans`

/** Waits until Zipkin has `count` spans of a trace. */
export function zipkinTrace(traceId: string, count: number): Promise<ZipkinSpan[]> {
  return until(async () => {
    const answer = await fetch(`${process.env.ZIPKIN_URL}/api/v2/trace/${traceId}`)
    const spans = answer.ok ? ((await answer.json()) as ZipkinSpan[]) : []
    return spans.length >= count ? spans : undefined
  })
}

/** The ids of the traces that a search of Zipkin finds. */
export async function zipkinSearch(query: Record<string, string>): Promise<string[]> {
  const traces = await read<ZipkinSpan[][]>('traces', { limit: '1000', ...query })
  return traces.map(([span]) => span?.traceId ?? '')
}

/** Zipkin's dependency graph of the last hour. */
export function zipkinLinks(): Promise<ZipkinLink[]> {
  return read('dependencies', { endTs: String(Date.now() + 60_000), lookback: '3600000' })
}

async function read<T>(path: string, query: Record<string, string>): Promise<T> {
  const url = `${process.env.ZIPKIN_URL}/api/v2/${path}?${new URLSearchParams(query)}`
  return (await (await fetch(url)).json()) as T
}
