/** How the page draws one trace: milliseconds from the click in the list, and from the bare address. */
export async function measureDrawing(browser, url, trace, times) {
  const fromList = []
  const fromAddress = []
  for (let time = 0; time < times; time += 1) {
    fromList.push(await inFreshPage(browser, (page) => clickInList(page, url, trace)))
    fromAddress.push(await inFreshPage(browser, (page) => openAddress(page, url, trace)))
  }
  return { fromList, fromAddress }
}

/** How far each frame scrolls the trace, in pixels: a flick, and ten rows. */
export const SPEEDS = { flicked: 100, thrown: 280 }

/** Scrolls the trace for so many frames at each speed, and before that lets it rest: the milliseconds of each frame. */
export async function measureScrolling(browser, url, trace, frames) {
  return inFreshPage(browser, async (page) => {
    await openAddress(page, url, trace)
    await page.waitForLoadState('networkidle')
    const resting = await page.evaluate(scroll, { frames: 120, pixels: 0 })
    const millis = { resting }
    for (const [speed, pixels] of Object.entries(SPEEDS)) {
      await page.evaluate(toTheTop)
      millis[speed] = await page.evaluate(scroll, { frames, pixels })
    }
    return millis
  })
}

async function inFreshPage(browser, run) {
  const context = await browser.newContext({ viewport: { width: 1360, height: 850 } })
  try {
    return await run(await context.newPage())
  } finally {
    await context.close()
  }
}

async function clickInList(page, url, trace) {
  await page.goto(`${url}/traces`)
  await page.locator(`a[href="/traces/${trace}"]`).waitFor()
  await page.waitForLoadState('networkidle')
  return page.evaluate(untilDrawn, `a[href="/traces/${trace}"]`)
}

async function openAddress(page, url, trace) {
  await page.goto(`${url}/traces/${trace}`, { waitUntil: 'commit' })
  return page.evaluate(untilDrawn)
}

// Runs in the page: the rows that fill the screen are there, and the frame with them has been painted.
async function untilDrawn(link) {
  const frame = () => new Promise(requestAnimationFrame)
  const began = link === undefined ? 0 : performance.now()
  if (link !== undefined) document.querySelector(link).click()
  while (document.querySelectorAll('[role="treeitem"]').length < 20) {
    if (performance.now() - began > 120_000) throw new Error('The trace is not drawn')
    await frame()
  }
  await frame()
  await new Promise((resolve) => setTimeout(resolve))
  return performance.now() - began
}

// Runs in the page: the first rows are painted again.
async function toTheTop() {
  document.querySelector('.waterfall .window-list').scrollTop = 0
  for (let frame = 0; frame < 30; frame += 1) await new Promise(requestAnimationFrame)
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
  if (pixels > 0 && list.scrollTop < pixels * frames * 0.9)
    throw new Error('The list did not scroll')
  return millis
}
