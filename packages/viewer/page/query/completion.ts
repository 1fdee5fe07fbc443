import { read } from '../api/client.ts'
import { plural } from '../format/number.ts'
import { attributeKey, quoted } from './terms.ts'

/** One proposal: what to write in place of `from`–`to` of the query. */
export interface Proposal {
  readonly text: string
  readonly hint: string
  readonly from: number
  readonly to: number
}

/** What could be written where the caret is: keys, or the values of the key before it. */
export async function proposalsAt(query: string, caret: number): Promise<Proposal[]> {
  const from = wordStart(query, caret)
  const word = query.slice(from, caret)
  const match = /^(!?)("(?:[^"\\]|\\.)+"|[\w.:@$/-]+?)(!=|!~|>=|<=|[:=~])("?)(.*)$/.exec(word)
  if (match) return values(match, from, caret)
  const bang = word.startsWith('!') ? '!' : ''
  const prefix = word.slice(bang.length).replace(/^"/, '')
  const answer = await read('keys', {
    prefix,
    limit: 9,
  })
  return (answer.value?.keys ?? []).map(({ key, spans }) => ({
    text: `${bang}${spans === undefined ? key : attributeKey(key)}=`,
    hint: spans === undefined ? '' : plural(spans, 'span'),
    from,
    to: caret,
  }))
}

/** Those of the proposals that complete the text as it is now, up to the caret. */
export function stillFitting(
  proposals: readonly Proposal[],
  query: string,
  caret: number,
): Proposal[] {
  const from = wordStart(query, caret)
  const word = query.slice(from, caret).toLowerCase()
  return proposals
    .filter((each) => each.from === from && each.text.toLowerCase().startsWith(word))
    .map((each) => ({ ...each, to: caret }))
}

async function values(match: RegExpExecArray, from: number, to: number): Promise<Proposal[]> {
  const [, bang = '', key = '', operator = '', , prefix = ''] = match
  const answer = await read('values', {
    key: key.startsWith('"') ? key.slice(1, -1).replace(/\\(.)/g, '$1') : key,
    prefix,
    limit: 9,
  })
  return (answer.value?.values ?? []).map(({ value, spans }) => ({
    text: `${bang}${key}${operator}${quoted(String(value))} `,
    hint: spans === undefined ? '' : plural(spans, 'span'),
    from,
    to,
  }))
}

function wordStart(query: string, caret: number): number {
  let start = 0
  let isQuoted = false
  for (let i = 0; i < caret; i++) {
    if (query[i] === '"' && query[i - 1] !== '\\') isQuoted = !isQuoted
    else if (query[i] === ' ' && !isQuoted) start = i + 1
  }
  return start
}
