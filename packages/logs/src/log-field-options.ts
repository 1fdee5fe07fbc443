import { checkOptions, NAME, type OptionRules, oneOf } from '@callchain/core/internal'

/** The values of the fields that a log line gets. */
export interface LogFields {
  [name: string]: string | boolean | LogFields
}

/** Under which names the fields stand on the line. */
export interface LogFieldOptions {
  /**
   * The names and forms that a place to keep logs knows a trace by: `'ecs'` (Elastic Common Schema),
   * `'google-cloud'` (Google Cloud Logging) or `'datadog'`. Default: `trace_id`, `span_id`,
   * `trace_flags` and the log names of the identity fields.
   */
  preset?: LogPreset
  /**
   * Names of your own, by the default name: `{ trace_id: 'traceId' }`; `false` leaves a field out.
   * They go before those of the preset. Default: none.
   */
  names?: Readonly<Record<string, string | false>>
  /** Puts all fields into one object under this name. Default: they stand on the line itself. */
  nest?: string
  /**
   * The Google Cloud project for the older form of the trace's name, `projects/…/traces/…`.
   * Default: the trace id alone.
   */
  project?: string
}

/** A preset of names and forms. */
export type LogPreset = 'ecs' | 'google-cloud' | 'datadog'

const PRESETS = ['ecs', 'google-cloud', 'datadog'] satisfies LogPreset[]

const RULES: OptionRules<LogFieldOptions> = {
  preset: oneOf(PRESETS),
  names: {
    allowed: 'an object of names that are not empty, or false',
    holds: (value) =>
      typeof value === 'object' &&
      value !== null &&
      !Array.isArray(value) &&
      Object.values(value).every((name) => name === false || NAME.holds(name)),
  },
  nest: NAME,
  project: NAME,
}

/** Checks options at start-up. Throws a TypeError that names the option, the value and what is allowed. */
export function checkLogFieldOptions(options: LogFieldOptions): void {
  checkOptions('LogFieldOptions', options, RULES)
}
