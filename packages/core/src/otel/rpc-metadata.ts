import type { Context, Span } from '@opentelemetry/api'
import { RPC_METADATA_KEY } from './shared-keys.ts'

/** What OpenTelemetry's instrumentations share about a request: they write its route here. */
export interface RpcMetadata {
  readonly type: 'http'
  readonly span: Span
  route?: string
}

/** The HTTP metadata that an instrumentation has left in a context. */
export function rpcMetadata(within: Context): RpcMetadata | undefined {
  const metadata = within.getValue(RPC_METADATA_KEY) as RpcMetadata | undefined
  return metadata?.type === 'http' ? metadata : undefined
}
