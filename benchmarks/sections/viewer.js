import { versions } from '../harness/versions.js'
import { hasBrowser, openBrowser } from '../viewer/browser.js'
import { measureDrawing } from '../viewer/draw.js'
import { BATCH, measureIngest } from '../viewer/ingest.js'
import { sendLargeTrace } from '../viewer/large-trace.js'
import { openViewer } from '../viewer/open-viewer.js'
import { measureQueries } from '../viewer/queries.js'
import { report } from '../viewer/report.js'
import { measureScrolling } from '../viewer/scroll.js'
import { sendLogs } from '../viewer/send-logs.js'
import { measureStartUp } from '../viewer/start-up.js'

/** How much the viewer can receive, next to its goals. */
export const viewer = {
  title: 'The viewer',

  async measure({ quick }) {
    console.error('start-up')
    const startUp = await measureStartUp(quick ? 3 : 11)
    return { startUp, ...(await measureStore(quick)), page: await measurePage(quick) }
  },

  render: (results) => `\
How fast the viewer receives, finds and draws, with its default limits, next to its goals.

${report(results)}

Versions: ${versions(['@callchain/viewer'])}${results.page ? `, Chromium ${results.page.version} without a GPU` : ''}.`,
}

// More spans than are kept, so that eviction is measured as well.
async function measureStore(quick) {
  const viewer = await openViewer()
  try {
    const requests = Math.ceil((quick ? 20_000 : 250_000) / BATCH)
    console.error('ingest')
    const plain = await measureIngest(viewer, 'plain', { requests, first: 0 })
    const gzip = await measureIngest(viewer, 'gzip', { requests, first: requests })
    await sendLogs(viewer, quick ? 2000 : 50_000)
    console.error('queries')
    const kept = await viewer.read('/api/local/stats')
    const queries = await measureQueries(viewer)
    const { peak, resident } = await viewer.usage()
    const memory = { peak, resident, collected: await viewer.collect() }
    return { ingest: { plain, gzip }, kept, queries, memory }
  } finally {
    await viewer.stop()
  }
}

async function measurePage(quick) {
  if (!hasBrowser()) return undefined
  console.error('page')
  const viewer = await openViewer()
  const browser = await openBrowser()
  try {
    const { url } = viewer
    const [small, large] = [
      await sendLargeTrace(viewer, 10_000, 1),
      await sendLargeTrace(viewer, 50_000, 2),
    ]
    const times = quick ? 1 : 5
    const drawing = {
      10000: await measureDrawing(browser, url, small, times),
      50000: await measureDrawing(browser, url, large, times),
    }
    const frames = quick ? 120 : 600
    const scrolling = []
    for (let time = 0; time < times; time += 1)
      scrolling.push(await measureScrolling(browser, url, small, frames))
    return { version: browser.version(), drawing, scrolling, frames }
  } finally {
    await browser.close()
    await viewer.stop()
  }
}
