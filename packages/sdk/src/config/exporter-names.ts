import type { ExporterName } from './options.ts'

/** The names of exporters, in the order in which warnings list them. */
export const EXPORTER_NAMES: readonly ExporterName[] = ['otlp', 'zipkin', 'console', 'none']
