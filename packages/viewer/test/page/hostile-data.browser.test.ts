import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { startViewer } from '../../src/public/start-viewer.ts'
import type { Viewer } from '../../src/public/viewer-options.ts'
import { otlpJson, traceId } from '../spans.ts'
import { buildAll } from './built-page.ts'
import { keepPicture, openBrowser, openPage } from './open-page.ts'
import { eventually } from './page-for-tests.ts'

jest.setTimeout(120_000)

const evil = `<img src=x onerror="window.hit=1"><script>window.hit=1</script>"'\`\${window.hit=1}`
const link = 'javascript:window.hit=1'

let viewer: Viewer
let browser: Browser

beforeAll(async () => {
  await buildAll()
  viewer = await startViewer({ port: 0 })
  browser = await openBrowser()
  const spans = [
    {
      id: 1,
      service: evil,
      name: evil,
      kind: 'server' as const,
      took: 30,
      attributes: { 'tenant.id': evil, 'user.id': link, [evil]: evil, 'url.full': link },
      error: evil,
      events: [
        { name: 'exception', at: 3, attributes: { 'exception.stacktrace': evil, [evil]: evil } },
      ],
    },
    {
      id: 2,
      parent: 1,
      service: `b ${evil}`,
      name: evil,
      kind: 'client' as const,
      took: 9,
      attributes: { 'db.system.name': 'postgresql', 'db.query.text': `SELECT '${evil}'` },
    },
  ]
  viewer.importJson(JSON.stringify({ ...otlpJson(spans), resourceLogs: [logs()] }))
}, 300_000)

afterAll(async () => {
  await browser?.close()
  await viewer?.close()
})

function logs(): object {
  const record = {
    timeUnixNano: '1795365007000000000',
    severityNumber: 17,
    body: { stringValue: evil },
    attributes: [{ key: evil, value: { stringValue: evil } }],
    traceId: traceId(1),
  }
  return { resource: { attributes: [] }, scopeLogs: [{ logRecords: [record] }] }
}

const screens = [
  '/',
  '/operations',
  '/map',
  '/logs',
  '/receiver',
  `/traces/${traceId(1)}?span=0000000000000001`,
  `/traces/${traceId(1)}?span=0000000000000002`,
  `/traces/${traceId(1)}?tab=sql`,
  `/traces/${traceId(1)}?tab=logs`,
  `/traces/${traceId(1)}?tab=map`,
  `/traces/${traceId(1)}?tab=json`,
  `/?q=${encodeURIComponent(`name="${evil}`)}`,
]

describe('hostile names, attributes, statements, stacks and log lines', () => {
  it.each(screens)('stay text at %s', async (path) => {
    const { page, faults } = await openPage(browser, viewer.url + path)
    await page.locator('main').waitFor()
    await page.locator('main', { hasText: /.{20}/ }).waitFor()
    expect(await page.evaluate('window.hit')).toBeUndefined()
    expect(await page.locator('main img, main script, a[href^="javascript:"]').count()).toBe(0)
    const unexpected = faults.filter((fault) => !/status of 400/.test(fault))
    expect(unexpected).toEqual([])
    await page.context().close()
  })

  it('could not run even if they came to be part of the page', async () => {
    const { page, faults } = await openPage(browser, viewer.url)
    await page.locator('.trace-table a.row').first().waitFor()
    await page.evaluate(`{
      const script = document.createElement('script')
      script.textContent = 'window.hit = 1'
      document.body.append(script)
      document.body.insertAdjacentHTML('beforeend', '<img src="x" onerror="window.hit = 1">')
    }`)
    const refused = () => faults.filter((fault) => /Content Security Policy/.test(fault)).length
    await eventually(() => refused() >= 2, true)
    expect(await page.evaluate('window.hit')).toBeUndefined()
    await page.context().close()
  })

  it('are shown as they are', async () => {
    const { page } = await openPage(browser, viewer.url)
    await page.locator('.trace-table a.row').first().waitFor()
    expect(await page.locator('.trace-table a.row').first().textContent()).toContain(evil)
    await keepPicture(page, 'hostile')
  })
})
