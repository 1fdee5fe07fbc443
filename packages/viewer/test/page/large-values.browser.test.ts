import { describe, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { spanId, type TestSpan, traceId } from '../spans.ts'
import { eventually, pageForTests, rows } from './page-for-tests.ts'

const { feed, open } = pageForTests()
const path = `/traces/${traceId(1)}`

function statement(id: number, text: string, at = 1): TestSpan {
  const attributes = { 'db.system.name': 'postgresql', 'db.query.text': text }
  return { id, parent: 1, name: 'SELECT items', kind: 'client', at, took: 1, attributes }
}

const root: TestSpan = { id: 1, name: 'GET /items', kind: 'server', took: 2000 }
const columns = (count: number) => Array.from({ length: count }, (_, at) => `column_${at}`)

describe('A very long statement', () => {
  const panel = (page: Page) => page.getByRole('complementary', { name: 'Span' })

  it('is formatted on request', async () => {
    feed([root, statement(2, `SELECT ${columns(2500).join(', ')} FROM items`)])
    const { page, faults } = await open(`${path}?span=${spanId(2)}`)
    const formatted = panel(page).getByRole('button', { name: 'Formatted' })
    const lines = async () => (await panel(page).locator('pre').innerText()).split('\n').length
    await formatted.waitFor()
    expect(await formatted.getAttribute('aria-pressed')).toBe('false')
    expect(await lines()).toBe(1)
    await formatted.click()
    await eventually(async () => (await lines()) > 2500, true)
    await panel(page).getByRole('button', { name: 'Raw' }).click()
    await eventually(lines, 1)
    expect(faults).toEqual([])
  })

  it('says that it cannot be, when it was cut', async () => {
    feed([root, statement(2, `SELECT '${'x'.repeat(70_000)}'`)])
    const { page } = await open(`${path}?span=${spanId(2)}`)
    await panel(page).getByRole('button', { name: 'Formatted' }).click()
    await panel(page).getByText('It is truncated or cannot be formatted').waitFor()
  })
})

describe('A trace of thousands of different statements', () => {
  const spans = columns(1500).map((name, at) => statement(at + 2, `SELECT ${name} FROM items`, at))

  it('has its counts with their thousands apart, in the list and on its tabs', async () => {
    feed([root, ...spans])
    const { page } = await open()
    await rows(page).first().waitFor()
    const figures = await rows(page).first().locator('.figure').allTextContents()
    expect(figures[0]).toBe('1,501')
    expect(figures[2]).toContain('1,500')
    await rows(page).first().click()
    expect(await page.getByRole('tab', { name: 'SQL' }).textContent()).toContain('1,500')
  })

  it('shows the first of them at once, and the others as one scrolls', async () => {
    feed([root, ...spans])
    const { page } = await open(`${path}?tab=sql`)
    const groups = page.locator('.sql-group')
    await groups.first().waitFor()
    expect(await groups.count()).toBe(100)
    await page.locator('.scrolled').evaluate((box) => box.scrollTo({ top: box.scrollHeight }))
    await eventually(async () => (await groups.count()) > 100, true)
  })

  it('says that the JSON is on its way, until it is there', async () => {
    feed([root, ...spans])
    const { page } = await open(path)
    await page.getByRole('treeitem').first().waitFor()
    let answer = () => {}
    const asked = new Promise<void>((resolve) => {
      answer = resolve
    })
    await page.route(`**${path}.json`, async (route) => {
      await asked
      await route.continue()
    })
    await page.keyboard.press('5')
    await page.getByText('Loading the whole trace …').waitFor()
    answer()
    await page.getByText('resourceSpans').waitFor()
    expect(await page.getByText('Loading the whole trace …').count()).toBe(0)
  })
})

describe('On a screen of 1440 pixels at 150 %', () => {
  it('no screen scrolls sideways', async () => {
    feed([root, statement(2, 'SELECT 1')])
    const { page } = await open('/', { width: 960 })
    const wide = () =>
      page.evaluate(
        `[...document.querySelectorAll('html, body, main, .window-list, .scrolled, .table')]
          .filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.className)`,
      )
    await rows(page).first().waitFor()
    await eventually(wide, [])
    for (const [there, ready] of [
      ['/operations', '.operations .row'],
      ['/map', '.node'],
      ['/logs', '.empty'],
      ['/receiver', 'main table'],
      [path, '.span-row'],
      [`${path}?tab=sql`, '.sql-group'],
      [`${path}?tab=logs`, '.empty'],
      [`${path}?span=${spanId(2)}`, '.panel .figures'],
    ] as const) {
      await page.goto(new URL(there, page.url()).href)
      await page.locator(ready).first().waitFor()
      await eventually(wide, [])
    }
  })
})
