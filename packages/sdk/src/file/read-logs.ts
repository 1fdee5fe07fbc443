import { COUNT } from '../config/environment.ts'
import type { ConfigNode } from './config-node.ts'
import { readOtlp } from './read-otlp.ts'
import { readQueue } from './read-traces.ts'
import type { FileSettings } from './settings.ts'

/** Reads `logger_provider`; without one, no log lines are sent. */
export function readLogs(root: ConfigNode, settings: FileSettings): void {
  const provider = root.child('logger_provider')
  if (provider === undefined) return
  let isSent = false
  for (const processor of provider.list('processors')) {
    const batch = processor.child('batch')
    if (batch === undefined || isSent) continue
    const exporter = batch.need('exporter')
    if (!readOtlp(exporter, 'LOGS', settings)) continue
    isSent = true
    readQueue(batch, 'BLRP', settings)
    settings.set('OTEL_LOGS_EXPORTER', 'otlp', exporter.path)
  }
  const limits = provider.child('limits')
  for (const word of ['attribute_value_length_limit', 'attribute_count_limit']) {
    const value = limits?.number(word, COUNT)
    settings.set(`OTEL_LOGRECORD_${word.toUpperCase()}`, value, limits?.at(word) ?? word)
  }
}
