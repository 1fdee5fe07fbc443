import { measureCost } from '../span/measure.js'

/** What a span costs alone, recorded and encoded, of what it costs with OpenTelemetry's SDK. */
export async function spanRatio() {
  const [{ ratio }] = measureCost(['recorder', 'sdk-2'], 31)
  return { 'a span, of SDK 2': ratio }
}
