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
