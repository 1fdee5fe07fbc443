import { parseArgs } from 'node:util'
import { isLoopback } from '../http/access.ts'
import { checkForward, type ForwardTarget, readHeaders } from '../settings/check-forward.ts'
import { checkToken } from '../settings/check-token.ts'
import { readTraceLinks } from '../settings/trace-links.ts'
import { VERSION } from '../settings/version.ts'
import { sizeValue, wholeNumber } from './option-values.ts'

/** What the command line asks for. */
export interface CliOptions {
  readonly port: number
  /** The port for OTLP over gRPC; false switches it off, and undefined asks for nothing. */
  readonly grpcPort: number | false | undefined
  readonly host: string
  readonly token: string | undefined
  readonly maxSpans: number | undefined
  readonly maxMemory: number | undefined
  readonly open: boolean
  readonly imports: readonly string[]
  readonly traceLinks: Readonly<Record<string, string>>
  readonly keep: string | undefined
  readonly forward: ForwardTarget | undefined
}

/** The command line, understood. */
export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'version'; readonly version: string }
  | { readonly kind: 'view'; readonly options: CliOptions }
  | { readonly kind: 'run'; readonly options: CliOptions; readonly command: readonly string[] }

/** What `--help` prints. */
export const HELP = `Receives OpenTelemetry traces and logs on this machine and shows them in a web page.

Usage
  callchain [options]                    start the viewer
  callchain run [options] -- <command>   start the viewer unless one is running, and a command that sends to it
  callchain trace <id>                   show one trace: what happened, and its waterfall
  callchain tail [query]                 list traces as they come
  callchain errors [query]               list what fails, and where it began
  callchain slow [query]                 list what is slower than usual, and why
  callchain diff <id> [<id>]             compare two traces, or one with the median of its operation
  callchain mark, callchain changes      say what is other since a moment
  callchain mcp                          offer all of it to an agent (Model Context Protocol)
  callchain diff <base> <head>           say what a change did to the chains that tests recorded

Each of these says more with --help.

Options
  --port <number>       port of the page and the receiver (4318)
  --grpc-port <number>  port for OTLP over gRPC, or off (4317 next to the port 4318)
  --host <address>      address to listen on (127.0.0.1); one that other machines can reach needs --token
  --token <text>        token required of the page (?token=…) and of every sender (Authorization: Bearer …)
  --max-spans <number>  most spans to keep (200000)
  --max-memory <size>   most memory for spans: 64MiB, 1GiB or a number of bytes (128MiB)
  --import <file>       show a file with OTLP, Jaeger or Zipkin JSON; can be repeated
  --trace-link <link>   another backend to open traces in: "Jaeger=https://jaeger.example/trace/{traceId}";
                        can be repeated
  --keep <file>         keep everything in this file, and begin with what is in it
  --forward <url>       send everything to a backend, too: its address without /v1/traces
  --open                open the page in the browser
  --version, --help

Environment
  CALLCHAIN_TOKEN       same as --token
  CALLCHAIN_TRACE_LINK  same as --trace-link; separate several with commas
  CALLCHAIN_FORWARD_HEADERS  headers for --forward: key=value,key=value`

const OPTIONS = {
  port: { type: 'string', default: '4318' },
  'grpc-port': { type: 'string' },
  host: { type: 'string', default: '127.0.0.1' },
  token: { type: 'string' },
  'max-spans': { type: 'string' },
  'max-memory': { type: 'string' },
  import: { type: 'string', multiple: true },
  'trace-link': { type: 'string', multiple: true },
  keep: { type: 'string' },
  forward: { type: 'string' },
  open: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  version: { type: 'boolean', short: 'v', default: false },
} as const

/**
 * Reads the arguments.
 *
 * @throws TypeError with one sentence when they are not understood
 */
export function readCommand(args: readonly string[]): Command {
  const isRun = args[0] === 'run'
  const own = isRun ? args.slice(1) : args
  const end = isRun ? commandStart(own) : own.length
  const { values, positionals } = parse(withValues(own.slice(0, end)))
  if (values.help) return { kind: 'help' }
  if (values.version) return { kind: 'version', version: VERSION }
  const [first] = positionals
  if (first !== undefined) throw new TypeError(noCommand(first))
  const token = tokenOf(values.token)
  const options: CliOptions = {
    port: wholeNumber('--port', values.port, 0, 65_535) ?? 4318,
    grpcPort: grpcPort(values['grpc-port']),
    host: hostOf(values.host, token),
    token,
    maxSpans: wholeNumber('--max-spans', values['max-spans'], 1),
    maxMemory: sizeValue('--max-memory', values['max-memory']),
    open: values.open,
    imports: values.import ?? [],
    traceLinks: traceLinks(values['trace-link']),
    keep: keepOf(values.keep),
    forward: forwardOf(values.forward),
  }
  if (!isRun) return { kind: 'view', options }
  const command = own.slice(own[end] === '--' ? end + 1 : end)
  if (command.length === 0)
    throw new TypeError('No command to run was given; for example: callchain run -- node app.js')
  return { kind: 'run', options, command }
}

/** Where the command begins: at `--`, else at the first argument that is not an option of callchain. */
function commandStart(args: readonly string[]): number {
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? ''
    if (arg === '--' || !arg.startsWith('-')) return index
    if (optionNamed(arg)?.type === 'string') index += 1
  }
  return args.length
}

function parse(args: readonly string[]): ReturnType<typeof parseOurs> {
  try {
    return parseOurs(args)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new TypeError(`${message.split('. ')[0]}; see callchain --help.`)
  }
}

/** Each value joined to its option, so that one like `-1` is not read as an option. */
function withValues(args: readonly string[]): string[] {
  const joined: string[] = []
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? ''
    const option = optionNamed(arg)
    const value = args[index + 1]
    if (option?.type !== 'string') joined.push(arg)
    else if (value === undefined || isOption(value))
      throw new TypeError(`${arg} needs a value; see callchain --help.`)
    else {
      joined.push(`${arg}=${value}`)
      index += 1
    }
  }
  return joined
}

function isOption(arg: string): boolean {
  return arg === '--' || optionNamed(arg.split('=')[0] ?? '') !== undefined
}

/** The option of callchain that an argument names by itself. */
function optionNamed(arg: string): (typeof OPTIONS)[keyof typeof OPTIONS] | undefined {
  const name = arg.startsWith('--') ? arg.slice(2) : ''
  return Object.hasOwn(OPTIONS, name) ? OPTIONS[name as keyof typeof OPTIONS] : undefined
}

function parseOurs(args: readonly string[]) {
  return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true })
}

function traceLinks(given: readonly string[] | undefined): Record<string, string> {
  if (given !== undefined) return readTraceLinks(given, '--trace-link')
  const texts = (process.env.CALLCHAIN_TRACE_LINK ?? '').split(',')
  return readTraceLinks(
    texts.filter((text) => text.trim() !== ''),
    'CALLCHAIN_TRACE_LINK',
  )
}

function keepOf(file: string | undefined): string | undefined {
  if (file === undefined || file.trim() !== '') return file
  throw new TypeError('--keep must name a file, not "".')
}

function forwardOf(url: string | undefined): ForwardTarget | undefined {
  if (url === undefined) return undefined
  const name = 'CALLCHAIN_FORWARD_HEADERS'
  return checkForward({ url, headers: readHeaders(process.env[name] ?? '', name) }, '--forward')
}

function grpcPort(given: string | undefined): number | false | undefined {
  return given === 'off' ? false : wholeNumber('--grpc-port', given, 0, 65_535)
}

function noCommand(word: string): string {
  const instead = word.endsWith('.json')
    ? `to view a file: callchain --import ${word}`
    : `to run a program: callchain run -- ${word}`
  return `"${word}" is not a callchain command; ${instead}`
}

function tokenOf(given: string | undefined): string | undefined {
  if (given !== undefined) {
    checkToken(given, '--token')
    return given
  }
  const token = process.env.CALLCHAIN_TOKEN || undefined
  if (token !== undefined) checkToken(token, 'CALLCHAIN_TOKEN')
  return token
}

function hostOf(host: string, token: string | undefined): string {
  if (host.trim() === '') throw new TypeError('--host must be an address to listen on, not "".')
  if (isLoopback(host) || token !== undefined) return host
  throw new TypeError(
    `With --host ${host}, anyone who can reach this machine could read your traces, statements and logs:\ngive --token <text> as well.`,
  )
}
