import { isCall, joinedLineOf, lineOf } from './chain-line.ts'
import type { ChainSpan, OrderOf } from './chain-span.ts'

/** What is written at the end of the line of a span, by the span's id. */
export type Marks = ReadonlyMap<string, string>

interface Block {
  readonly began: number
  readonly ended: number
  readonly lines: readonly string[]
}

/**
 * The spans as a tree of text that is the same in every run: one line a span, two spaces a level, in
 * the order of their begin; those that ran at the same time in the order of their text. Siblings that
 * look alike are one line with `× n`. A call and the one span that served it are one line, joined by `→`.
 */
export function chainText(
  roots: readonly ChainSpan[],
  orderOf: OrderOf,
  marks: Marks = new Map(),
): string {
  const lines = siblingLines(roots, orderOf, marks)
  return lines.join('\n')
}

function siblingLines(spans: readonly ChainSpan[], orderOf: OrderOf, marks: Marks): string[] {
  const blocks = spans.map((span) => blockOf(span, orderOf, marks))
  return folded(inSteadyOrder(blocks))
}

function blockOf(span: ChainSpan, orderOf: OrderOf, marks: Marks): Block {
  const [served, ...others] = span.children
  const isJoined = isCall(span) && served?.kind === 'server' && others.length === 0
  const shown = isJoined && served !== undefined ? served : span
  const line = shown === span ? lineOf(span) : joinedLineOf(span, shown)
  const marked = [span, shown].flatMap(({ id }) => marks.get(id) ?? [])
  const below = siblingLines(shown.children, orderOf, marks)
  return {
    ...orderOf(span),
    lines: [`${line}${[...new Set(marked)].join('')}`, ...below.map((each) => `  ${each}`)],
  }
}

/** Those that overlap stand in the order of their text: which of them began first changes by chance. */
function inSteadyOrder(blocks: readonly Block[]): Block[] {
  const ordered: Block[] = []
  let together: Block[] = []
  let until = Number.NEGATIVE_INFINITY
  const close = (): void => {
    ordered.push(...together.sort((a, b) => compare(textOf(a), textOf(b))))
    together = []
  }
  for (const block of [...blocks].sort((a, b) => a.began - b.began || a.ended - b.ended)) {
    if (block.began >= until) close()
    together.push(block)
    until = Math.max(until, block.ended)
  }
  close()
  return ordered
}

function folded(blocks: readonly Block[]): string[] {
  const lines: string[] = []
  for (let index = 0; index < blocks.length; ) {
    const block = blocks[index]
    if (block === undefined) break
    let count = 1
    for (;;) {
      const next = blocks[index + count]
      if (next === undefined || textOf(next) !== textOf(block)) break
      count += 1
    }
    const [first = '', ...below] = block.lines
    lines.push(count === 1 ? first : timesOf(first, count), ...below)
    index += count
  }
  return lines
}

/** Writes the number before a mark, if the line has one. */
function timesOf(line: string, count: number): string {
  const mark = line.indexOf('   ◀ ')
  return mark < 0 ? `${line} × ${count}` : `${line.slice(0, mark)} × ${count}${line.slice(mark)}`
}

function textOf({ lines }: Block): string {
  return lines.join('\n')
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
