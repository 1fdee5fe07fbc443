import {
  CHANGES_HELP,
  CHANGES_OPTIONS,
  changesCommand,
  DIFF_TRACES_OPTIONS,
  diffTracesCommand,
  MARK_HELP,
  markCommand,
} from './compare-command.ts'
import { DIFF_HELP } from './diff.ts'
import {
  ERRORS_HELP,
  errorsCommand,
  SELECTION_OPTIONS,
  SLOW_HELP,
  slowCommand,
} from './findings-command.ts'
import { MCP_HELP, mcpCommand } from './mcp-command.ts'
import { type OwnOptions, type ReadingOptions, readingOptions } from './reading-options.ts'
import { TAIL_HELP, TAIL_OPTIONS, tailCommand } from './tail-command.ts'
import { TRACE_HELP, TRACE_OPTIONS, traceCommand } from './trace-command.ts'

interface ReadingCommand {
  readonly help: string
  readonly options: OwnOptions
  readonly run: (options: ReadingOptions) => Promise<void>
}

const COMMANDS: Readonly<Record<string, ReadingCommand>> = {
  trace: { help: TRACE_HELP, options: TRACE_OPTIONS, run: traceCommand },
  tail: { help: TAIL_HELP, options: TAIL_OPTIONS, run: tailCommand },
  errors: { help: ERRORS_HELP, options: SELECTION_OPTIONS, run: errorsCommand },
  slow: { help: SLOW_HELP, options: SELECTION_OPTIONS, run: slowCommand },
  mark: { help: MARK_HELP, options: {}, run: markCommand },
  changes: { help: CHANGES_HELP, options: CHANGES_OPTIONS, run: changesCommand },
  'diff of traces': { help: DIFF_HELP, options: DIFF_TRACES_OPTIONS, run: diffTracesCommand },
  mcp: { help: MCP_HELP, options: {}, run: mcpCommand },
}

/** Whether a word names a command that reads from a viewer. */
export function isReadingCommand(word: string): boolean {
  return !word.includes(' ') && Object.hasOwn(COMMANDS, word)
}

/** Runs such a command. */
export async function runReadingCommand(word: string, args: readonly string[]): Promise<void> {
  const command = COMMANDS[word]
  if (command === undefined) return
  const options = readingOptions(word, args, command.options)
  if (options === 'help') process.stdout.write(`${command.help}\n`)
  else await command.run(options)
}
