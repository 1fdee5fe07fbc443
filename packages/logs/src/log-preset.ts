import type { CurrentTrace } from '@callchain/core'
import type { LogFieldOptions, LogPreset } from './log-field-options.ts'

/** How the trace and the identity are written on a line. */
export interface LogFormat {
  /** By default name; a field that is missing here is not written. */
  readonly trace: Readonly<Record<string, TraceField>>
  /** The name for an identity field, by its log name. */
  identityName(logName: string): string
}

interface TraceField {
  readonly name: string
  value(trace: CurrentTrace): string | boolean
}

/** The format that the options name. */
export function logFormat({ preset, project }: LogFieldOptions): LogFormat {
  if (preset === undefined) return PLAIN
  if (preset === 'google-cloud' && project !== undefined) return googleCloud(project)
  return PRESETS[preset]
}

const traceId = ({ traceId }: CurrentTrace): string => traceId
const spanId = ({ spanId }: CurrentTrace): string => spanId

const PLAIN: LogFormat = {
  trace: {
    trace_id: { name: 'trace_id', value: traceId },
    span_id: { name: 'span_id', value: spanId },
    trace_flags: { name: 'trace_flags', value: (trace) => trace.traceFlags },
  },
  identityName: (logName) => logName,
}

/** ECS 8: tracing, user and organization fields; custom keywords are labels. */
const ECS: LogFormat = {
  trace: {
    trace_id: { name: 'trace.id', value: traceId },
    span_id: { name: 'span.id', value: spanId },
  },
  identityName: (logName) => {
    if (logName === 'user_id') return 'user.id'
    return logName === 'tenant_id' ? 'organization.id' : `labels.${logName}`
  },
}

// Ids are 64 bits there, and decimal.
const DATADOG: LogFormat = {
  trace: {
    trace_id: { name: 'dd.trace_id', value: (trace) => decimal(trace.traceId.slice(16)) },
    span_id: { name: 'dd.span_id', value: (trace) => decimal(trace.spanId) },
  },
  identityName: (logName) => (logName === 'user_id' ? 'usr.id' : logName),
}

const PRESETS: Readonly<Record<LogPreset, LogFormat>> = {
  ecs: ECS,
  'google-cloud': googleCloud(undefined),
  datadog: DATADOG,
}

function googleCloud(project: string | undefined): LogFormat {
  return {
    trace: {
      trace_id: {
        name: 'logging.googleapis.com/trace',
        value: (trace) =>
          project === undefined ? trace.traceId : `projects/${project}/traces/${trace.traceId}`,
      },
      span_id: { name: 'logging.googleapis.com/spanId', value: spanId },
      trace_flags: {
        name: 'logging.googleapis.com/trace_sampled',
        value: (trace) => trace.sampled,
      },
    },
    identityName: (logName) => logName,
  }
}

function decimal(hexadecimal: string): string {
  return BigInt(`0x${hexadecimal}`).toString()
}
