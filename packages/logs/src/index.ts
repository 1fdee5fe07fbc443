export { createLogFields } from './create-log-fields.ts'
export type { LogFieldOptions, LogFields, LogPreset } from './log-field-options.ts'
export { logFields } from './log-fields.ts'
export { type TraceUrlTemplate, traceUrl } from './trace-url.ts'
