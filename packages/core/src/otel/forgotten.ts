import { type Context, TraceFlags, type TracerProvider, trace } from '@opentelemetry/api'
import { sdkTraits } from './sdk-traits.ts'
import { isValidContext } from './valid-span-context.ts'

/**
 * Whether nothing of a span in a context is kept, whatever it says: it belongs to an unsampled trace, and
 * the sampler in use follows the parent without looking at names and attributes. `given` is a provider of
 * the application's own, of which nothing is known.
 */
export function isForgotten(given: TracerProvider | undefined, active: Context): boolean {
  if (given !== undefined || sdkTraits().followsParent !== true) return false
  const parent = trace.getSpan(active)
  if (parent === undefined || parent.isRecording()) return false
  const spanContext = parent.spanContext()
  return (spanContext.traceFlags & TraceFlags.SAMPLED) === 0 && isValidContext(spanContext)
}
