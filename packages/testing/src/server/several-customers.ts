import { currentTrace } from '@callchain/core'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import type { ContractMiddleware, ContractRequest } from './application.ts'
import type { Together } from './calling-together.ts'
import type { Served, ServerStage } from './stage.ts'

/** The id of the span that is current, or `none`. */
export const here = (): string => currentTrace()?.spanId ?? 'none'

/** Who asks at the same time. */
export const CUSTOMERS: readonly string[] = ['acme', 'beta', 'corp']

/** Which customer's request it is. */
export function customerOf({ raw }: ContractRequest): string {
  return String(raw.headers['x-customer'])
}

/** A middleware whose callback comes back in the context of one request for all of them. */
export function together(
  { create }: Together,
  call: (request: ContractRequest, next: (error?: unknown) => void) => void,
): ContractMiddleware {
  const callTogether = create(CUSTOMERS.length)
  return (request, next) => callTogether(() => call(request, next))
}

/** Requests at once, one for each customer; their spans by customer. */
export async function requestAll(
  { serverSpans }: ServerStage,
  app: Served,
): Promise<Map<string, ReadableSpan>> {
  await Promise.all(
    CUSTOMERS.map((customer) =>
      app.get(`/orgs/${customer}/items/7`, { headers: { 'x-customer': customer } }),
    ),
  )
  const spans = await serverSpans(CUSTOMERS.length)
  return new Map(
    spans.map((span) => [String(span.attributes['url.path']).split('/')[2] ?? '', span]),
  )
}
