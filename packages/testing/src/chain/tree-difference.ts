/** The lines of a tree without the empty ones, and without the indentation that all of them have. */
export function linesOf(text: string): string[] {
  const lines = text.split('\n').map((line) => line.trimEnd())
  const filled = lines.filter((line) => line !== '')
  const indent = Math.min(...filled.map((line) => line.length - line.trimStart().length))
  return filled.map((line) => line.slice(indent))
}

/** Both texts as one, with what only one of them has marked, by the longest common subsequence. */
export function difference(wanted: readonly string[], found: readonly string[]): string {
  const lengths = commonLengths(wanted, found)
  const lines: string[] = []
  let [i, j] = [0, 0]
  while (i < wanted.length || j < found.length) {
    const [a, b] = [wanted[i], found[j]]
    if (a !== undefined && a === b) {
      lines.push(`  ${a}`)
      i += 1
      j += 1
    } else if (
      b === undefined ||
      (a !== undefined && (lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0))
    ) {
      lines.push(`- ${a}`)
      i += 1
    } else {
      lines.push(`+ ${b}`)
      j += 1
    }
  }
  return lines.join('\n')
}

function commonLengths(wanted: readonly string[], found: readonly string[]): number[][] {
  const lengths = Array.from({ length: wanted.length + 1 }, () =>
    new Array<number>(found.length + 1).fill(0),
  )
  for (let i = wanted.length - 1; i >= 0; i--) {
    for (let j = found.length - 1; j >= 0; j--) {
      const [row = [], next = []] = [lengths[i], lengths[i + 1]]
      row[j] =
        wanted[i] === found[j] ? (next[j + 1] ?? 0) + 1 : Math.max(next[j] ?? 0, row[j + 1] ?? 0)
    }
  }
  return lengths
}
