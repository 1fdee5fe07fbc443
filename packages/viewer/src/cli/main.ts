import { setFlagsFromString } from 'node:v8'
import { RecordError } from '../diff/record-error.ts'
import { isReadingCommand, runReadingCommand } from './commands.ts'
import { isOfTraces } from './compare-command.ts'
import { DIFF_HELP, diff, readDiffOptions } from './diff.ts'
import { ExitError } from './exit.ts'
import { HELP, readCommand } from './options.ts'
import { run } from './run.ts'
import { view } from './view.ts'

/** Runs the command line; sets the exit code, and never rejects. */
export async function main(args: readonly string[]): Promise<void> {
  keepHeapLean()
  // A reader of our output may stop reading, as `head` does.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignore)
  try {
    if (args[0] === 'diff') {
      process.exitCode = await mainDiff(args.slice(1))
      return
    }
    const [word = '', ...others] = args
    if (isReadingCommand(word)) {
      await runReadingCommand(word, others)
      return
    }
    const command = readCommand(args)
    if (command.kind === 'help') process.stdout.write(`${HELP}\n`)
    else if (command.kind === 'version') process.stdout.write(`${command.version}\n`)
    else if (command.kind === 'run') await run(command.options, command.command)
    else await view(command.options)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = codeOf(error)
  }
}

/**
 * Keeps this process's memory near what the store really holds: the heap may grow by a fifth between
 * two collections, not double. For that, receiving spans costs a fifth more CPU time.
 */
function keepHeapLean(): void {
  setFlagsFromString('--heap-growing-percent=20')
}

async function mainDiff(args: readonly string[]): Promise<number> {
  if (isOfTraces(args)) {
    await runReadingCommand('diff of traces', args)
    return 0
  }
  const options = readDiffOptions(args)
  if (options !== 'help') return await diff(options)
  process.stdout.write(`${DIFF_HELP}\n`)
  return 0
}

function ignore(): void {}

function codeOf(error: unknown): number {
  if (error instanceof ExitError) return error.code
  return error instanceof TypeError || error instanceof RecordError ? 2 : 1
}
