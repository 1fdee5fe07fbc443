import { existsSync, readFileSync } from 'node:fs'
import { inFreshPage, openAddress } from './draw.js'

/** How far each frame scrolls the trace, in pixels: a flick, and ten rows. */
export const SPEEDS = { flicked: 100, thrown: 280 }

/** About a second. */
const FRAMES_PER_STRETCH = 60
/** How many stretches are tried for each that is wanted. */
const TRIES_PER_STRETCH = 4
/** The share of the machine that its host may take from a stretch that counts as undisturbed. */
const MAX_STOLEN_SHARE = 0.01
const STAT = '/proc/stat'

/**
 * Scrolls the trace at each speed in a fresh page, stretch after stretch of 60 frames, until the host has
 * left as many frames undisturbed as are wanted, or for four times as long: of each stretch the
 * milliseconds of its frames, and whether the host took of the machine meanwhile.
 */
export function measureScrolling(browser, url, trace, frames) {
  return inFreshPage(browser, async (page) => {
    await openAddress(page, url, trace)
    await page.waitForLoadState('networkidle')
    const runs = {}
    for (const [speed, pixels] of Object.entries(SPEEDS)) {
      await page.evaluate(toTheTop)
      runs[speed] = await scrollOn(page, pixels, frames / FRAMES_PER_STRETCH)
    }
    return runs
  })
}

async function scrollOn(page, pixels, wanted) {
  const stretches = []
  let undisturbed = 0
  while (undisturbed < wanted && stretches.length < wanted * TRIES_PER_STRETCH) {
    if (!(await page.evaluate(hasRoomFor, FRAMES_PER_STRETCH * pixels)))
      await page.evaluate(toTheTop)
    const before = timesOfMachine()
    const millis = await page.evaluate(scroll, { frames: FRAMES_PER_STRETCH, pixels })
    const isDisturbed = takenBetween(before, timesOfMachine()) > MAX_STOLEN_SHARE
    stretches.push({ millis, isDisturbed })
    if (!isDisturbed) undisturbed += 1
  }
  return stretches
}

// What proc_stat(5) calls steal: the time in which the machine would have run, and its host ran others.
// Only Linux tells it.
function timesOfMachine() {
  if (!existsSync(STAT)) return { all: 0, stolen: 0 }
  const [, ...times] = readFileSync(STAT, 'utf8').split('\n', 1)[0].split(/ +/)
  const all = times.slice(0, 8).map(Number)
  return { all: all.reduce((sum, each) => sum + each), stolen: all[7] }
}

const takenBetween = (before, after) =>
  (after.stolen - before.stolen) / Math.max(1, after.all - before.all)

// Runs in the page.
function hasRoomFor(pixels) {
  const { scrollTop, clientHeight, scrollHeight } =
    document.querySelector('.waterfall .window-list')
  return scrollTop + clientHeight + pixels <= scrollHeight
}

// Runs in the page: the first rows are painted again.
async function toTheTop() {
  document.querySelector('.waterfall .window-list').scrollTop = 0
  for (let frame = 0; frame < 60; frame += 1) await new Promise(requestAnimationFrame)
}

// Runs in the page: what passes between the frames, while each scrolls on.
async function scroll({ frames, pixels }) {
  const list = document.querySelector('.waterfall .window-list')
  const frame = () => new Promise(requestAnimationFrame)
  const from = list.scrollTop
  const millis = []
  let before = await frame()
  for (let count = 0; count < frames; count += 1) {
    list.scrollTop += pixels
    const now = await frame()
    millis.push(now - before)
    before = now
  }
  if (list.scrollTop - from < pixels * frames * 0.9) throw new Error('The list did not scroll')
  return millis
}
