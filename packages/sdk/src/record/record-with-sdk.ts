import { loadResources, loadSdkTrace } from '../lazy/opentelemetry.cts'
import type { Recording, RecordingSettings } from './recording.ts'

/** Records with OpenTelemetry's SDK, which is loaded here: the application's own parts need its objects. */
export function recordWithSdk(settings: RecordingSettings): Recording {
  const { TracerProvider } = loadSdkTrace()
  const { defaultResource, resourceFromAttributes } = loadResources()
  const { resource, sampler, spanLimits, processors, exporters } = settings
  const provider = new TracerProvider({
    resource: defaultResource().merge(resourceFromAttributes(resource)),
    sampler,
    spanLimits,
    spanProcessors: [...processors, ...exporters.processors],
  })
  return {
    provider,
    flush: () => provider.forceFlush(),
    shutdown: () => provider.shutdown(),
  }
}
