import { type Environment, readEnvironment } from '../config/environment.ts'
import { checkOptions } from '../config/option-checks.ts'
import type { StartTracingOptions } from '../config/options.ts'
import type { Warn } from '../report/warning.ts'
import { ConfigNode, type ConfigSheet } from './config-node.ts'
import { parseFile } from './parse-file.ts'
import { readLogs } from './read-logs.ts'
import { readMeters } from './read-metrics.ts'
import { readService } from './read-service.ts'
import { readTraces } from './read-traces.ts'
import { FileSettings } from './settings.ts'

/** What tracing is set up with. */
export interface Configuration {
  readonly options: StartTracingOptions
  readonly environment: Environment
}

/** Options that a file may have under `distribution.callchain`: plain values that no schema knows. */
const OWN_OPTIONS = ['keep', 'redact', 'signals', 'exitTimeoutMillis'] as const

/**
 * The options and the variables; where `OTEL_CONFIG_FILE` names a file, what it says in place of all
 * `OTEL_*` variables (OpenTelemetry Configuration, "Declarative configuration"). Options still win.
 *
 * @throws Error that names the file, the path in it, the value and what is allowed
 */
export function readConfiguration(
  options: StartTracingOptions,
  variables: NodeJS.ProcessEnv,
  warn: Warn,
): Configuration {
  const file = variables.OTEL_CONFIG_FILE?.trim()
  if (!file) return { options, environment: readEnvironment(variables, warn) }
  const sheet: ConfigSheet = { file, ignored: [], nodes: [] }
  const root = new ConfigNode(sheet, '', parseFile(file, variables))
  checkFormat(root)
  const settings = new FileSettings()
  const resourceAttributes = readService(root, settings)
  readTraces(root, settings)
  readLogs(root, settings)
  readMeters(root, settings)
  const own = readOwnOptions(root, file)
  warnOfIgnored(sheet, warn)
  const others = Object.entries(variables).filter(([name]) => !name.startsWith('OTEL_'))
  return {
    options: {
      ...own,
      ...options,
      resourceAttributes: { ...resourceAttributes, ...options.resourceAttributes },
    },
    environment: readEnvironment(
      { ...Object.fromEntries(others), ...settings.variables },
      (message) => warn(inTermsOfFile(message, file, settings)),
    ),
  }
}

function checkFormat(root: ConfigNode): void {
  const format = root.read('file_format')
  if (/^1\.\d+$/.test(String(format)) && typeof format === 'string') return
  throw root.fault('file_format', format ?? null, 'a text, "1.0" or a later "1.…"')
}

function readOwnOptions(root: ConfigNode, file: string): StartTracingOptions {
  const node = root.child('distribution')?.child('callchain')
  if (node === undefined) return {}
  const entries = OWN_OPTIONS.map((name) => [name, node.read(name)] as const)
  const options = Object.fromEntries(entries.filter(([, value]) => value !== undefined))
  try {
    checkOptions(options)
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^callchain: /, '') : error
    throw new TypeError(`callchain: OTEL_CONFIG_FILE ${file}: distribution.callchain: ${why}`)
  }
  return options
}

function warnOfIgnored({ file, ignored, nodes }: ConfigSheet, warn: Warn): void {
  const all = [...ignored, ...nodes.flatMap((node) => node.unread)]
  if (all.length > 0) warn(`OTEL_CONFIG_FILE ${file}: without effect: ${all.join(', ')}`)
}

/** A warning speaks of the variable that means the same: nobody has set it. */
function inTermsOfFile(message: string, file: string, { origins }: FileSettings): string {
  return message.replace(/\bOTEL_[A-Z_]+\b/g, (name) => {
    const path = origins.get(name)
    return path === undefined ? name : `${path} of ${file}`
  })
}
