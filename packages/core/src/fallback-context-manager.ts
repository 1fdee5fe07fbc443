import { context, createContextKey, diag, ROOT_CONTEXT } from '@opentelemetry/api'
import { createContextManager } from './context-manager.ts'

const PROBE_KEY = createContextKey('callchain probe')

let ensured = false

/**
 * Sees to it that contexts are kept: registers a small context manager of our own where no SDK has
 * registered one, and says once that spans go nowhere until tracing is started.
 */
export function ensureContextManager(): void {
  if (ensured) return
  ensured = true
  if (contextsAreKept()) return
  context.setGlobalContextManager(createContextManager())
  const message =
    'callchain: no OpenTelemetry SDK is started, so spans go nowhere; call startTracing() of @callchain/sdk first. Trace ids, tenant and user are passed on all the same.'
  diag.warn(message)
  process.emitWarning(message, { code: 'CALLCHAIN_NO_SDK' })
}

function contextsAreKept(): boolean {
  const probe = ROOT_CONTEXT.setValue(PROBE_KEY, true)
  return context.with(probe, () => context.active() === probe)
}
