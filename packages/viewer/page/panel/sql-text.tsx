import type { JSX } from 'preact'

const words =
  /\b(?:select|from|where|and|or|not|in|is|null|join|left|right|inner|outer|full|cross|lateral|on|using|group|order|by|having|limit|offset|insert|into|values|update|set|delete|returning|as|distinct|case|when|then|else|end|union|all|exists|between|like|ilike|asc|desc|with|begin|commit|rollback|create|table|index|alter|drop|conflict|do|nothing|for|over|partition|count|sum|min|max|avg|coalesce)\b/i

const parts = new RegExp(
  [
    `(?<comment>--[^\\n]*|/\\*[\\s\\S]*?\\*/)`,
    `(?<text>'(?:[^']|'')*')`,
    `(?<place>\\$\\d+|\\?|:\\w+|@\\w+)`,
    `(?<number>\\b\\d+(?:\\.\\d+)?\\b)`,
    `(?<word>${words.source})`,
  ].join('|'),
  'gi',
)

/** A statement with its words, values and places in colour. */
export function SqlText({ text }: { text: string }): JSX.Element {
  const pieces: (string | JSX.Element)[] = []
  let at = 0
  for (const match of text.slice(0, 20_000).matchAll(parts)) {
    const kind = Object.entries(match.groups ?? {}).find(([, value]) => value !== undefined)?.[0]
    pieces.push(text.slice(at, match.index))
    pieces.push(
      <span key={match.index} class={`sql-${kind}`}>
        {match[0]}
      </span>,
    )
    at = match.index + match[0].length
  }
  pieces.push(text.slice(at))
  return <>{pieces}</>
}
