import { context, diag, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import { PROBE_KEY } from '../otel/shared-keys.ts'
import { createContextManager } from './context-manager.ts'

let ensured = false

/**
 * Sees to it that contexts are kept: registers a small context manager of our own where no SDK has
 * registered one, and says once what is missing. `recorded` says that spans go to a provider that
 * was given, whatever is registered.
 */
export function ensureContextManager(recorded = false): void {
  if (ensured) return
  ensured = true
  if (contextsAreKept()) return
  const registered = context.setGlobalContextManager(createContextManager())
  if (!registered) {
    warn(
      'CALLCHAIN_NO_CONTEXT_MANAGER',
      'the context manager registered with OpenTelemetry does not keep contexts, so spans have no parents, and tenant and user are lost. Register a different one.',
    )
  } else if (recorded || isProviderRegistered()) {
    warn(
      'CALLCHAIN_NO_CONTEXT_MANAGER',
      'an OpenTelemetry SDK is running without a context manager, so callchain registered its own. Spans are recorded, but those started earlier have no parents.',
    )
  } else {
    warn(
      'CALLCHAIN_NO_SDK',
      'no OpenTelemetry SDK is running, so no spans are recorded. Call startTracing() from @callchain/sdk first. Trace ids, tenant and user are still passed on.',
    )
  }
}

function warn(code: string, text: string): void {
  const message = `callchain: ${text}`
  diag.warn(message)
  process.emitWarning(message, { code })
}

// A manager may add to each context it is given, so it need not be the very same.
function contextsAreKept(): boolean {
  const probe = ROOT_CONTEXT.setValue(PROBE_KEY, true)
  return context.with(probe, () => context.active().getValue(PROBE_KEY) === true)
}

// The API returns a proxy, which has a provider to pass calls to only after one is registered.
function isProviderRegistered(): boolean {
  const provider = trace.getTracerProvider() as { getDelegateTracer?(name: string): unknown }
  if (typeof provider.getDelegateTracer !== 'function') return true
  return provider.getDelegateTracer('@callchain/core') !== undefined
}
