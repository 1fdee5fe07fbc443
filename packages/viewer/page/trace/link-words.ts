import type { Span } from '../../src/contract/trace.ts'
import { count, plural } from '../format/number.ts'

/** What a row says of the links between its span and other traces. */
export function linkWords({ to, from }: NonNullable<Span['linked']>): {
  short: string
  long: string
} {
  const long = [
    ...(to > 0 ? [`${plural(to, 'link')} to other traces`] : []),
    ...(from > 0 ? [`${plural(from, 'link')} from other traces`] : []),
  ].join(', ')
  return { short: count(to + from), long }
}
