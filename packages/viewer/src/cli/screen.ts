import { PLAIN_STYLE, type TextStyle } from '../text/style.ts'

const MIN_WIDTH = 40
const MAX_WIDTH = 200

/** How to write to where standard output goes: as wide as the terminal, with colours where it has some. */
export function screenStyle(
  to: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'> = process.stdout,
  environment: NodeJS.ProcessEnv = process.env,
): TextStyle {
  const { NO_COLOR, TERM, COLUMNS } = environment
  const columns = (to.isTTY ? to.columns : 0) || Number(COLUMNS) || PLAIN_STYLE.width
  return {
    width: Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, Math.floor(columns))),
    hasColour: Boolean(to.isTTY) && !NO_COLOR && TERM !== 'dumb',
  }
}

/** Prints for a reader, or the value itself for a program. */
export function print(isJson: boolean, value: unknown, text: () => string): void {
  process.stdout.write(isJson ? `${JSON.stringify(value, null, 2)}\n` : text())
}
