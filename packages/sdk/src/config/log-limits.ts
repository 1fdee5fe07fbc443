import { COUNT, type Environment } from './environment.ts'

/** How much a log record holds. */
export interface LogLimits {
  readonly attributeCount: number
  /** Most UTF-16 units of a text. */
  readonly valueLength: number
}

const DEFAULT_COUNT = 128

/** From `OTEL_LOGRECORD_ATTRIBUTE_*`, else `OTEL_ATTRIBUTE_*`, else the defaults of the specification. */
export function readLogLimits(environment: Environment): LogLimits {
  const read = (word: string, fallback: number): number => {
    const [own, all] = [`OTEL_LOGRECORD_ATTRIBUTE_${word}`, `OTEL_ATTRIBUTE_${word}`].map((name) =>
      environment.number(name, COUNT, fallback),
    )
    return own ?? all ?? fallback
  }
  return {
    attributeCount: read('COUNT_LIMIT', DEFAULT_COUNT),
    valueLength: read('VALUE_LENGTH_LIMIT', Number.POSITIVE_INFINITY) || Number.POSITIVE_INFINITY,
  }
}
