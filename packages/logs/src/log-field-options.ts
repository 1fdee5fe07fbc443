import { checkOptions, isNamed, NAME, type OptionRules, oneOf } from '@callchain/core/internal'

/** The values of the fields that a log line gets. */
export interface LogFields {
  [name: string]: string | boolean | LogFields
}

/** The names that the fields have on the line. */
export interface LogFieldOptions {
  /**
   * The names and formats of a log store: `'ecs'` (Elastic Common Schema),
   * `'google-cloud'` (Google Cloud Logging) or `'datadog'`. Default: `trace_id`, `span_id`,
   * `trace_flags` and the log names of the identity fields.
   */
  preset?: LogPreset
  /**
   * Your own names, by the default name: `{ trace_id: 'traceId' }`; `false` leaves a field out.
   * They take precedence over those of the preset. Default: none.
   */
  names?: Readonly<Record<string, string | false>>
  /** Puts all fields into one object under this name. Default: the fields are on the line itself. */
  nest?: string
  /**
   * The Google Cloud project for the older form of the trace's name, `projects/…/traces/…`.
   * Default: the trace id alone.
   */
  project?: string
}

/** A preset of names and formats. */
export type LogPreset = 'ecs' | 'google-cloud' | 'datadog'

const PRESETS = ['ecs', 'google-cloud', 'datadog'] satisfies LogPreset[]

const RULES: OptionRules<LogFieldOptions> = {
  preset: oneOf(PRESETS),
  names: {
    allowed: 'an object of names that are not empty, or false',
    holds: (value) =>
      isNamed(value) && Object.values(value).every((name) => name === false || NAME.holds(name)),
  },
  nest: NAME,
  project: NAME,
}

/** Checks options at start-up. Throws a TypeError that names the option, the value and what is allowed. */
export function checkLogFieldOptions(options: LogFieldOptions): void {
  checkOptions('LogFieldOptions', options, RULES)
}
