import type { Change } from './compare-operations.ts'

/** What the comparison is of. */
export interface DiffHead {
  readonly operations: number
  readonly chains: number
}

/** GitHub refuses comments above 65,536 characters. */
const MAX_LENGTH = 60_000

/** The comparison as Markdown for a pull request: a line an operation, what is worse first. */
export function diffMarkdown(changes: readonly Change[], { operations, chains }: DiffHead): string {
  const of = `${counted(chains, 'recorded chain')} of ${counted(operations, 'operation')}`
  if (changes.length === 0) return `### Chains: nothing changed\n\n${of}.\n`
  const worse = changes.filter(({ isWorse }) => isWorse)
  const others = changes.filter(({ isWorse }) => !isWorse)
  const title =
    worse.length === 0 ? 'nothing got worse' : `${counted(worse.length, 'thing')} to look at`
  const lines = [`### Chains: ${title}`, '', ...rows(worse)]
  if (others.length > 0)
    lines.push(
      '',
      '<details><summary>Also changed</summary>',
      '',
      ...rows(others),
      '',
      '</details>',
    )
  lines.push('', `Compared: ${of}.`, '')
  return fitted(lines)
}

/** The comparison as lines for a terminal. */
export function diffText(changes: readonly Change[], { operations, chains }: DiffHead): string {
  const lines = changes.map(({ operation, text, isWorse }) => {
    const plain = text.replaceAll('**', '').replaceAll('`', '')
    return `${isWorse ? '!' : ' '} ${operation}: ${plain}`
  })
  const of = `${counted(chains, 'chain')} of ${counted(operations, 'operation')} compared`
  return `${[...lines, lines.length === 0 ? `Nothing changed; ${of}.` : `${of}.`].join('\n')}\n`
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

function rows(changes: readonly Change[]): string[] {
  if (changes.length === 0) return []
  const byOperation = new Map<string, string[]>()
  for (const { operation, text } of changes) {
    const texts = byOperation.get(operation)
    if (texts === undefined) byOperation.set(operation, [text])
    else texts.push(text)
  }
  const cell = (text: string): string => text.replaceAll('|', '\\|')
  return [
    '| operation | what changed |',
    '|---|---|',
    ...[...byOperation].map(
      ([operation, texts]) => `| \`${cell(operation)}\` | ${texts.map(cell).join('<br>')} |`,
    ),
  ]
}

function fitted(lines: readonly string[]): string {
  const text = lines.join('\n')
  if (text.length <= MAX_LENGTH) return text
  const kept: string[] = []
  let length = 0
  for (const line of lines) {
    length += line.length + 1
    if (length > MAX_LENGTH) break
    kept.push(line)
  }
  return `${kept.join('\n')}\n\n… and ${lines.length - kept.length} more lines: see \`callchain diff\` without \`--markdown\`.\n`
}
