import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { startViewer } from '../../src/public/start-viewer.ts'
import type { Viewer } from '../../src/public/viewer-options.ts'
import { buildAll, startShop } from './built-page.ts'
import { keepPicture, openBrowser, openPage } from './open-page.ts'

// A busy machine needs long until the shop sends.
const MOST_TO_START = 200_000

let viewer: Viewer
let browser: Browser
let shop: { stop(): Promise<void> }

beforeAll(async () => {
  await buildAll()
  viewer = await startViewer({ port: 0 })
  shop = startShop(viewer.url)
  browser = await openBrowser()
}, 300_000)

afterAll(async () => {
  await browser?.close()
  await shop?.stop()
  await viewer?.close()
}, 120_000)

describe('the page, fed by the shop', () => {
  it('leads from the slow order to its statement, for its tenant and user', async () => {
    // A busy machine is slow elsewhere as well, and the spans of one order come from several services.
    const query = encodeURIComponent('sql:stock_level dur>300ms')
    const { page, faults } = await openPage(browser, `${viewer.url}/?q=${query}&sort=duration`)
    const orders = page.locator('.trace-table a.row', { hasText: /POST \/orders.*(acme|globex)/ })
    await orders.first().click({ timeout: MOST_TO_START })
    await page.getByRole('heading', { name: 'POST /orders' }).waitFor()
    const statement = page.getByRole('treeitem', { name: /^inventory SELECT stock_level/ })
    await statement.click()
    await page.locator('.panel .sql pre').getByText('FROM').waitFor()
    expect(await page.locator('.panel .sql').textContent()).toContain('stock_level')
    expect(page.url()).toMatch(/\/traces\/[0-9a-f]{32}\?span=[0-9a-f]{16}/)
    await keepPicture(page, 'slow-order')
    await page.getByRole('tab', { name: /SQL/ }).click()
    await page.locator('.sql-group').first().waitFor()
    expect(await page.locator('.sql-group').first().textContent()).toContain('stock_level')
    await keepPicture(page, 'slow-order-sql')
    expect(faults).toEqual([])
  }, 300_000)

  it('draws every screen in light and dark without a fault, and fits 1024 pixels', async () => {
    for (const dark of [false, true]) {
      const { page, faults } = await openPage(browser, viewer.url, { dark, width: 1024 })
      for (const screen of ['traces', 'operations', 'map', 'logs', 'receiver']) {
        await page.goto(`${viewer.url}/${screen}`)
        await page.locator('main').waitFor()
        const ready = { traces: 'a.row', operations: '.row', map: '.node', logs: '.row' }
        const wanted = ready[screen as keyof typeof ready] ?? 'table'
        await page.locator(wanted).first().waitFor({ timeout: MOST_TO_START })
        const wide = await page.evaluate('document.documentElement.scrollWidth')
        expect({ screen, wide }).toEqual({ screen, wide: 1024 })
        await keepPicture(page, `${screen}-${dark ? 'dark' : 'light'}`)
      }
      expect(faults).toEqual([])
      await page.context().close()
    }
  }, 300_000)
})
