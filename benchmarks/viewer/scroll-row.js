import { median } from '../harness/statistics.js'
import { SPEEDS } from './scroll.js'

const FRAME = 1000 / 60

/** How many frames were dropped while the trace was scrolled at this speed and the host left the machine alone. */
export function scrollRow(scrolling, speed, wanted) {
  const pages = scrolling.map((runs) => pageOf(runs[speed]))
  const dropped = pages.map((page) => page.undisturbed.dropped)
  const isEnough = pages.every((page) => page.undisturbed.frames >= wanted)
  const disturbed = pages.map((page) => page.disturbed)
  const perSecond = (SPEEDS[speed] * 60).toLocaleString('en')
  const excluded = `in ${sum(disturbed, 'frames').toLocaleString('en')} disturbed frames: ${sum(disturbed, 'dropped')}`
  return {
    what: `trace of 10,000 spans scrolled, ${perSecond} px/s, frames dropped among ${wanted}`,
    value: `${median(dropped)}`,
    goal: '0',
    met: isEnough && median(dropped) === 0,
    more: isEnough
      ? `${listed(dropped)}; ${excluded}`
      : `the host left too few frames undisturbed: ${listed(pages.map((page) => page.undisturbed.frames))}; ${excluded}`,
  }
}

function pageOf(stretches) {
  const undisturbed = stretches.filter(({ isDisturbed }) => !isDisturbed)
  const disturbed = stretches.filter(({ isDisturbed }) => isDisturbed)
  return { undisturbed: framesOf(undisturbed), disturbed: framesOf(disturbed) }
}

// A frame that takes as long as three has dropped two.
function framesOf(stretches) {
  const millis = stretches.flatMap((stretch) => stretch.millis)
  const late = (each) => Math.max(0, Math.round(each / FRAME) - 1)
  return { frames: millis.length, dropped: millis.reduce((all, each) => all + late(each), 0) }
}

const sum = (list, key) => list.reduce((all, each) => all + each[key], 0)
const listed = (numbers) => numbers.toSorted((a, b) => a - b).join(', ')
