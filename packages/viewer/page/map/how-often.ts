import type { MapNumbers } from '../../src/contract/figures.ts'
import { plural, rate } from '../format/number.ts'

/** How often something was called: a rate, or in one trace, which has none, the calls. */
export function howOften(numbers: MapNumbers, isTrace: boolean): string {
  return isTrace ? plural(numbers.calls, 'call') : rate(numbers.rate)
}
