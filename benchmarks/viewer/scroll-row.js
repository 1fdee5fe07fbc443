import { median } from '../harness/statistics.js'
import { SPEEDS } from './scroll.js'

const FRAME = 1000 / 60
/** The share of the machine that its host may take from a run that counts as undisturbed. */
const UNDISTURBED = 0.01

/** How many frames were dropped while the trace was scrolled at this speed, and beside it a page of stripes. */
export function scrollRow(scrolling, speed) {
  const runs = scrolling.map(({ trace }) => runOf(trace[speed]))
  const stripes = scrolling.map((run) => runOf(run.stripes[speed]).dropped)
  const dropped = runs.map((run) => run.dropped)
  const undisturbed = runs.filter(({ taken }) => taken <= UNDISTURBED)
  const { length } = scrolling[0].trace[speed].millis
  const perSecond = (SPEEDS[speed] * 60).toLocaleString('en')
  return {
    what: `trace of 10,000 spans scrolled, ${perSecond} px/s, frames dropped among ${length}`,
    value: `${median(dropped)}`,
    goal: '0',
    met: median(dropped) === 0,
    more:
      `${listed(dropped)}; of these ${undisturbed.length} while the host took at most 1 % of the machine` +
      `${undisturbed.length > 0 ? `: ${listed(undisturbed.map((run) => run.dropped))}` : ''}; ` +
      `stripes alone: ${listed(stripes)}`,
  }
}

// A frame that takes as long as three has dropped two.
const runOf = ({ millis, taken }) => ({
  dropped: millis.reduce((sum, each) => sum + Math.max(0, Math.round(each / FRAME) - 1), 0),
  taken,
})

const listed = (numbers) => numbers.toSorted((a, b) => a - b).join(', ')
