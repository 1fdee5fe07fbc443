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

/** Runs it in a new page, as large as a laptop's screen. */
export async function inFreshPage(browser, run) {
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

/** Opens the trace and waits until it is drawn: the milliseconds. */
export async function openAddress(page, url, trace) {
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
