import { parseArgs } from 'node:util'
import { checkToken } from '../settings/check-token.ts'
import { wholeNumber } from './option-values.ts'

/** Where the viewer is that a command reads from. */
export interface ViewerPlace {
  readonly host: string
  readonly port: number
  readonly token: string | undefined
}

/** What every command that reads from a viewer is asked for. */
export interface ReadingOptions extends ViewerPlace {
  readonly isJson: boolean
  readonly positionals: readonly string[]
  /** The options of this command alone, as they were written. */
  readonly own: Readonly<Record<string, string | boolean | undefined>>
}

/** An option of one command: with a value, or without. */
export type OwnOptions = Readonly<Record<string, { readonly type: 'string' | 'boolean' }>>

/** The lines of a help text on what these commands have in common. */
export const READING_HELP = `  --port <number>       port of the viewer (4318)
  --host <address>      its address (127.0.0.1)
  --token <text>        its token, also CALLCHAIN_TOKEN
  --json                for a program`

const COMMON = {
  port: { type: 'string', default: '4318' },
  host: { type: 'string', default: '127.0.0.1' },
  token: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

/**
 * Understands the arguments after the name of a command that reads from a viewer.
 *
 * @throws TypeError with one sentence when they are not understood
 */
export function readingOptions(
  command: string,
  args: readonly string[],
  ownOptions: OwnOptions = {},
): ReadingOptions | 'help' {
  const { values, positionals } = parse(command, args, ownOptions)
  if (values.help === true) return 'help'
  const { port, host, token, json, help: _, ...own } = values
  return {
    port: wholeNumber('--port', textOf(port), 1, 65_535) ?? 4318,
    host: hostOf(textOf(host) ?? ''),
    token: tokenOf(textOf(token)),
    isJson: json === true,
    positionals,
    own: Object.fromEntries(Object.entries(own).filter(([, value]) => !Array.isArray(value))),
  }
}

function parse(command: string, args: readonly string[], own: OwnOptions) {
  try {
    const options = { ...COMMON, ...own }
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    return { values: values as Record<string, string | boolean | undefined>, positionals }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new TypeError(`${message.split('. ')[0]}; see callchain ${command} --help.`)
  }
}

function textOf(value: string | boolean | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function hostOf(host: string): string {
  if (host.trim() !== '') return host
  throw new TypeError('--host must be the address of a viewer, not "".')
}

function tokenOf(given: string | undefined): string | undefined {
  const token = given ?? (process.env.CALLCHAIN_TOKEN || undefined)
  if (token !== undefined) checkToken(token, given === undefined ? 'CALLCHAIN_TOKEN' : '--token')
  return token
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 }

/**
 * How long ago, in milliseconds, as a negative number: of `30s`, `5m` or `2h`.
 *
 * @throws TypeError with one sentence when it is something else
 */
export function agoOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const match = /^(\d{1,6})(s|m|h)$/.exec(text.trim())
  const millis = Number(match?.[1] ?? 0) * (UNITS[match?.[2] ?? ''] ?? 0)
  if (millis > 0) return -millis
  throw new TypeError(`${name} must be a time like 30s, 5m or 2h, not "${text}".`)
}
