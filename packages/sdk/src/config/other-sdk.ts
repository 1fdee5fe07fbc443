import { propagation, trace } from '@opentelemetry/api'

/**
 * What to say where another OpenTelemetry SDK has registered its provider first: whose it is, and
 * what else of it stays.
 */
export function describeOtherSdk(ownsPropagation: boolean): string {
  const kept = ownsPropagation
    ? ''
    : `, and its headers are used (${propagation.fields().join(', ')})`
  return `another OpenTelemetry SDK (${providerName()}) was started first. It keeps recording${kept}; startTracing() does not. See "Another SDK" in the README of @callchain/sdk`
}

function providerName(): string {
  const proxy = trace.getTracerProvider() as { getDelegate?(): object }
  const provider = proxy.getDelegate?.() ?? proxy
  return provider.constructor?.name || 'a provider without a name'
}
