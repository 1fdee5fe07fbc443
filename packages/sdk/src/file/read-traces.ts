import { COUNT, MILLIS, POSITIVE_COUNT, RATIO } from '../config/environment.ts'
import type { ConfigNode } from './config-node.ts'
import { readMillis, readOtlp } from './read-otlp.ts'
import type { FileSettings } from './settings.ts'

/** Reads `tracer_provider`; without one, no spans are sent. */
export function readTraces(root: ConfigNode, settings: FileSettings): void {
  const provider = root.child('tracer_provider')
  const exporters: string[] = []
  for (const processor of provider?.list('processors') ?? []) {
    const name = readProcessor(processor, exporters, settings)
    if (name !== undefined) exporters.push(name)
  }
  const path = provider?.at('processors') ?? 'tracer_provider'
  settings.set('OTEL_TRACES_EXPORTER', exporters.join(',') || 'none', path)
  if (provider === undefined) return
  readLimits(provider, settings)
  const sampler = provider.child('sampler')
  if (sampler !== undefined) readSampler(sampler, settings)
}

/** The name of its exporter; undefined where it is not one of ours, or one more of those there are. */
function readProcessor(
  processor: ConfigNode,
  exporters: readonly string[],
  settings: FileSettings,
): string | undefined {
  const batch = processor.child('batch')
  if (batch === undefined) return undefined
  const exporter = batch.need('exporter')
  if (!exporters.includes('otlp') && readOtlp(exporter, 'TRACES', settings)) {
    readQueue(batch, 'BSP', settings)
    return 'otlp'
  }
  return exporter.child('console') === undefined ? undefined : 'console'
}

/** Reads the sizes and times of a batch processor. */
export function readQueue(batch: ConfigNode, word: 'BSP' | 'BLRP', settings: FileSettings): void {
  const name = (end: string): string => `OTEL_${word}_${end}`
  const delay = batch.number('schedule_delay', MILLIS)
  settings.set(name('SCHEDULE_DELAY'), delay, batch.at('schedule_delay'))
  settings.set(
    name('EXPORT_TIMEOUT'),
    readMillis(batch, 'export_timeout'),
    batch.at('export_timeout'),
  )
  for (const key of ['max_queue_size', 'max_export_batch_size']) {
    settings.set(name(key.toUpperCase()), batch.number(key, POSITIVE_COUNT), batch.at(key))
  }
}

const LIMITS: Readonly<Record<string, string>> = {
  attribute_value_length_limit: 'OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT',
  attribute_count_limit: 'OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT',
  event_count_limit: 'OTEL_SPAN_EVENT_COUNT_LIMIT',
  link_count_limit: 'OTEL_SPAN_LINK_COUNT_LIMIT',
  event_attribute_count_limit: 'OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT',
  link_attribute_count_limit: 'OTEL_LINK_ATTRIBUTE_COUNT_LIMIT',
}

function readLimits(provider: ConfigNode, settings: FileSettings): void {
  const limits = provider.child('limits')
  if (limits === undefined) return
  for (const [key, variable] of Object.entries(LIMITS)) {
    settings.set(variable, limits.number(key, COUNT), limits.at(key))
  }
}

/** What is so in any case: children follow their parents. */
const STANDARD_BRANCHES: Readonly<Record<string, string>> = {
  remote_parent_sampled: 'always_on',
  remote_parent_not_sampled: 'always_off',
  local_parent_sampled: 'always_on',
  local_parent_not_sampled: 'always_off',
}

function readSampler(node: ConfigNode, settings: FileSettings): void {
  const parent = node.child('parent_based')
  if (parent === undefined) {
    readRoot(node, '', settings)
    return
  }
  for (const [branch, standard] of Object.entries(STANDARD_BRANCHES)) {
    const sampler = parent.child(branch)
    if (sampler === undefined) continue
    if (sampler.keys.length === 1 && sampler.child(standard) !== undefined) continue
    parent.ignore(branch)
  }
  const root = parent.child('root')
  if (root !== undefined) readRoot(root, 'parentbased_', settings)
  else settings.set('OTEL_TRACES_SAMPLER', 'parentbased_always_on', parent.path)
}

function readRoot(node: ConfigNode, prefix: '' | 'parentbased_', settings: FileSettings): void {
  const set = (name: string): void => {
    settings.set('OTEL_TRACES_SAMPLER', `${prefix}${name}`, node.path)
  }
  for (const name of ['always_on', 'always_off']) {
    if (node.child(name) === undefined) continue
    set(name)
    return
  }
  const ratio = node.child('trace_id_ratio_based')
  if (ratio === undefined) return
  set('traceidratio')
  settings.set('OTEL_TRACES_SAMPLER_ARG', ratio.number('ratio', RATIO), ratio.at('ratio'))
}
