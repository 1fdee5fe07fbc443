/** A fenced code block of a document. */
export interface CodeBlock {
  /** The document's path from the repository's root. */
  readonly file: string
  /** The line of the opening fence, counted from 1. */
  readonly line: number
  /** The first word behind the fence, e.g. `ts`. */
  readonly language: string
  /** The other words behind the fence, e.g. `['run']`. */
  readonly marks: readonly string[]
  readonly code: string
}

const opening = /^( *)(`{3,}|~{3,})\s*([^`]*)$/

/** The fenced code blocks of a Markdown text, in order. */
export function codeBlocks(file: string, text: string): CodeBlock[] {
  const blocks: CodeBlock[] = []
  const lines = text.split(/\r?\n/)
  for (let start = 0; start < lines.length; start++) {
    const match = opening.exec(lines[start] ?? '')
    if (!match) continue
    const [, indent = '', fence = '', info = ''] = match
    const isEnd = (line: string): boolean => line.trim() === fence
    const length = lines.slice(start + 1).findIndex(isEnd)
    const end = length < 0 ? lines.length : start + 1 + length
    const [language = '', ...marks] = info.trim().split(/\s+/)
    const code = lines.slice(start + 1, end).map((line) => withoutIndent(line, indent))
    blocks.push({ file, line: start + 1, language, marks, code: code.join('\n') })
    start = end
  }
  return blocks
}

function withoutIndent(line: string, indent: string): string {
  return line.startsWith(indent) ? line.slice(indent.length) : line.trimStart()
}

/** Whether the block is JavaScript or TypeScript, which a test must vouch for. */
export function isProgram({ language }: CodeBlock): boolean {
  return /^(?:[cm]?[jt]sx?|javascript|typescript)$/.test(language)
}

/** Whether `code` is a run of neighbouring lines of `text`, blank lines and spacing aside. */
export function isExcerpt(code: string, text: string): boolean {
  const normalise = (each: string): string =>
    each
      .split(/\r?\n/)
      .map((line) => line.trim().replace(/\s+/g, ' '))
      .filter((line) => line !== '')
      .join('\n')
  const wanted = normalise(code)
  return wanted !== '' && `\n${normalise(text)}\n`.includes(`\n${wanted}\n`)
}
