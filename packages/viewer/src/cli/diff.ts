import { parseArgs } from 'node:util'
import { CHANGE_KINDS, type ChangeKind, compareOperations } from '../diff/compare-operations.ts'
import { operationFacts } from '../diff/operation-facts.ts'
import { readRecords } from '../diff/read-records.ts'
import { diffMarkdown, diffText } from '../diff/write-diff.ts'

/** What `callchain diff` is asked for. */
export interface DiffOptions {
  readonly base: string
  readonly head: string
  readonly form: 'text' | 'markdown' | 'json'
  readonly failOn: readonly ChangeKind[]
}

/** What `callchain diff --help` prints. */
export const DIFF_HELP: string = `Says what a change did to the chains that tests recorded, or what is other in a trace of a running viewer.

Usage
  callchain diff <id> <id>           two traces, row by row, by their ids or the first digits of them
  callchain diff <id>                one trace next to the median of its operation
                                     (with --port, --host, --token, --json, --all)
  CALLCHAIN_RECORD=base npm test     on the main branch
  CALLCHAIN_RECORD=head npm test     on the branch of the change
  callchain diff base head           compare them, operation by operation

Options
  --markdown            for the comment of a pull request
  --json                for a program
  --fail-on <kinds>     exit with 1 when one of these got worse; separate several with commas:
                        ${CHANGE_KINDS.filter((kind) => kind !== 'duration').join(', ')}

It exits with 2 when a file is missing or is not what tests record.`

/**
 * Understands the arguments after `diff`.
 *
 * @throws TypeError with one sentence when they are not understood
 */
export function readDiffOptions(args: readonly string[]): DiffOptions | 'help' {
  const { values, positionals } = parse(args)
  if (values.help) return 'help'
  const [base, head, ...others] = positionals
  if (base === undefined || head === undefined || others.length > 0)
    throw new TypeError('callchain diff needs two files or folders: callchain diff base head')
  if (values.markdown && values.json)
    throw new TypeError('--markdown and --json exclude each other.')
  const form = values.markdown ? 'markdown' : values.json ? 'json' : 'text'
  return { base, head, form, failOn: kindsOf(values['fail-on']) }
}

/** Compares, prints, and returns the exit code: 1 when what `--fail-on` names got worse. */
export async function diff({ base, head, form, failOn }: DiffOptions): Promise<number> {
  const [before, after] = await Promise.all([readRecords(base), readRecords(head)])
  const facts = operationFacts(after)
  const changes = compareOperations(operationFacts(before), facts)
  const compared = { operations: facts.size, chains: after.length }
  if (form === 'json')
    process.stdout.write(`${JSON.stringify({ ...compared, changes }, null, 2)}\n`)
  else process.stdout.write((form === 'markdown' ? diffMarkdown : diffText)(changes, compared))
  return changes.some(({ kind, isWorse }) => isWorse && failOn.includes(kind)) ? 1 : 0
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        markdown: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        'fail-on': { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new TypeError(`${message.split('. ')[0]}; see callchain diff --help.`)
  }
}

function kindsOf(text: string | undefined): ChangeKind[] {
  const words = (text ?? '').split(',').map((word) => word.trim())
  return words.flatMap((word) => {
    if (word === '') return []
    const kind = CHANGE_KINDS.find((each) => each === word && each !== 'duration')
    if (kind === undefined)
      throw new TypeError(
        `--fail-on cannot be "${word}"; allowed: ${CHANGE_KINDS.filter((each) => each !== 'duration').join(', ')}.`,
      )
    return [kind]
  })
}
