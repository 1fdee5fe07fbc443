import { lineFields, type MakeLineFields } from '@callchain/core/internal'
import { checkLogFieldOptions, type LogFieldOptions, type LogFields } from './log-field-options.ts'
import { sharedLogFields } from './log-fields.ts'
import { logFormat } from './log-preset.ts'

/**
 * Makes a `logFields()` with your own names, or with those of a preset. The function that it returns
 * makes a fresh object each time, empty outside a trace. Throws a TypeError for an option that is not
 * allowed.
 *
 * @example
 * ```ts
 * import { createLogFields } from '@callchain/logs'
 *
 * const ecsFields = createLogFields({ preset: 'ecs' })
 *
 * console.log(JSON.stringify({ message: 'sold out', ...ecsFields() }))
 * ```
 */
export function createLogFields(options: LogFieldOptions = {}): () => LogFields {
  const read = createFieldsReader(options)
  const { nest } = options
  if (nest === undefined) return () => ({ ...read() })
  return () => {
    const fields = { ...read() }
    return isEmpty(fields) ? fields : { [nest]: fields }
  }
}

/**
 * The same for who does not change what it gets: a request's lines get one object, until its span or its
 * identity is another.
 */
export function createSharedFields(options: LogFieldOptions = {}): () => Readonly<LogFields> {
  return options.nest === undefined ? createFieldsReader(options) : createLogFields(options)
}

function createFieldsReader(options: LogFieldOptions): () => Readonly<LogFields> {
  checkLogFieldOptions(options)
  const { preset, names } = options
  const format = logFormat(options)
  if (preset === undefined && names === undefined) return sharedLogFields
  const trace = traceFields(options)
  const identity = new Map<string, string | false>()
  const identityName = (logName: string): string | false => {
    const known = identity.get(logName)
    if (known !== undefined) return known
    const name = names?.[logName] ?? format.identityName(logName)
    identity.set(logName, name)
    return name
  }
  const make: MakeLineFields<LogFields> = (current, values) => {
    const fields: LogFields = {}
    if (current !== undefined) for (const { name, value } of trace) fields[name] = value(current)
    for (const logName in values) {
      const name = identityName(logName)
      if (name !== false) fields[name] = values[logName] as string
    }
    return fields
  }
  return () => lineFields(make)
}

function traceFields(options: LogFieldOptions): ReturnType<typeof logFormat>['trace'][string][] {
  return Object.entries(logFormat(options).trace).flatMap(([key, field]) => {
    const name = options.names?.[key] ?? field.name
    return name === false ? [] : [{ name, value: field.value }]
  })
}

function isEmpty(fields: LogFields): boolean {
  for (const _ in fields) return false
  return true
}
