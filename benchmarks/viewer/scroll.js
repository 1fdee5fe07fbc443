import { existsSync, readFileSync } from 'node:fs'
import { inFreshPage, openAddress } from './draw.js'

/** How far each frame scrolls the trace, in pixels: a flick, and ten rows. */
export const SPEEDS = { flicked: 100, thrown: 280 }

const STAT = '/proc/stat'

const EMPTY = `<div class="waterfall"><div class="window-list" style="height: 560px; overflow: auto">
  <div style="height: 280000px; background: repeating-linear-gradient(#fff 0 28px, #eee 28px 56px)"></div>
</div></div>`

/**
 * Scrolls the trace for so many frames at each speed, in a fresh page, and after it a page that has nothing but
 * stripes: of each the milliseconds of each frame, and what the host took of the machine meanwhile.
 */
export async function measureScrolling(browser, url, trace, frames) {
  const ofTrace = await inFreshPage(browser, async (page) => {
    await openAddress(page, url, trace)
    await page.waitForLoadState('networkidle')
    return scrollAtEachSpeed(page, frames)
  })
  const ofStripes = await inFreshPage(browser, async (page) => {
    await page.setContent(EMPTY)
    return scrollAtEachSpeed(page, frames)
  })
  return { trace: ofTrace, stripes: ofStripes }
}

async function scrollAtEachSpeed(page, frames) {
  const runs = {}
  for (const [speed, pixels] of Object.entries(SPEEDS)) {
    await page.evaluate(toTheTop)
    const before = timesOfMachine()
    const millis = await page.evaluate(scroll, { frames, pixels })
    runs[speed] = { millis, taken: takenBetween(before, timesOfMachine()) }
  }
  return runs
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

// Runs in the page: the first rows are painted again.
async function toTheTop() {
  document.querySelector('.waterfall .window-list').scrollTop = 0
  for (let frame = 0; frame < 60; frame += 1) await new Promise(requestAnimationFrame)
}

// Runs in the page: what passes between the frames, while each scrolls on.
async function scroll({ frames, pixels }) {
  const list = document.querySelector('.waterfall .window-list')
  const frame = () => new Promise(requestAnimationFrame)
  const millis = []
  let before = await frame()
  for (let count = 0; count < frames; count += 1) {
    list.scrollTop += pixels
    const now = await frame()
    millis.push(now - before)
    before = now
  }
  if (list.scrollTop < pixels * frames * 0.9) throw new Error('The list did not scroll')
  return millis
}
