import { describe, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { type TestSpan, traceId } from '../../spans.ts'
import { asked, eventually, pageForTests, rows } from '../page-for-tests.ts'

const viewer = pageForTests()
const { feed, open } = viewer

/** So many traces, the last of which comes first in the list. */
function traces(count: number): void {
  const spans = Array.from({ length: count }, (_, index): TestSpan => {
    const trace = index + 1
    const tenant = trace % 2 === 0 ? 'acme' : 'globex'
    const name = `GET /${trace}`
    return {
      trace,
      id: trace,
      name,
      kind: 'server',
      at: trace,
      attributes: { 'tenant.id': tenant },
    }
  })
  feed(spans)
}

const list = (page: Page) => page.locator('.trace-table .window-list')
const scrolled = (page: Page) => list(page).evaluate((box) => box.scrollTop)
const row = (page: Page, trace: number) => page.locator(`a.row[data-key="${traceId(trace)}"]`)
const focused = (page: Page) => page.evaluate('document.activeElement.dataset.key ?? ""')
const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true })

/** Scrolls so far down, as soon as the list is long enough. */
async function scrollTo(page: Page, top: number): Promise<void> {
  const scroll = () => list(page).evaluate((box, wanted) => box.scrollTo({ top: wanted }), top)
  await eventually(() => scroll().then(() => scrolled(page)), top)
}

describe('Esc', () => {
  it('never leaves the viewer, however the user got there', async () => {
    traces(2)
    const { page } = await open('/api/local/stats')
    await page.goto(`${viewer.url}/traces/${traceId(1)}`)
    await heading(page, 'GET /1').waitFor()
    await page.keyboard.press('o')
    await heading(page, 'Operations').waitFor({ state: 'attached' })
    await page.goBack()
    await heading(page, 'GET /1').waitFor()
    await page.keyboard.press('Escape')
    await rows(page).first().waitFor()
    expect(page.url()).toBe(`${viewer.url}/traces`)
  })

  it('leads back to the query that the user came from, also after a reload', async () => {
    traces(4)
    const { page } = await open('/?q=tenant%3Dacme')
    await row(page, 4).click()
    await heading(page, 'GET /4').waitFor()
    await page.reload()
    await heading(page, 'GET /4').waitFor()
    const all = page.getByRole('link', { name: 'All traces' })
    expect(await all.getAttribute('href')).toBe('/traces?q=tenant%3Dacme')
    await page.keyboard.press('Escape')
    await page.getByText('2 of 4 traces').waitFor()
    expect(await asked(page, 'q')).toBe('tenant=acme')
  })
})

describe('The list of traces', () => {
  it('is where it was left after Back: as far down, at the row that was opened', async () => {
    traces(700)
    const { page, faults } = await open()
    await rows(page).first().waitFor()
    for (const top of [7000, 15_000, 20_000]) {
      await scrollTo(page, top)
      await row(page, 700 - top / 40 - 5).waitFor()
    }
    await row(page, 195).click()
    await heading(page, 'GET /195').waitFor()
    await page.goBack()
    await eventually(() => scrolled(page), 20_000)
    await eventually(() => focused(page), traceId(195))
    await page.keyboard.press('j')
    await eventually(() => focused(page), traceId(194))
    expect(faults).toEqual([])
  })

  it('is where it was left after Esc, and after a reload', async () => {
    traces(150)
    const { page } = await open()
    await rows(page).first().waitFor()
    await page.keyboard.press('End')
    await eventually(() => focused(page), traceId(1))
    await page.keyboard.press('k')
    await eventually(() => focused(page), traceId(2))
    await page.keyboard.press('Enter')
    await heading(page, 'GET /2').waitFor()
    await page.keyboard.press('Escape')
    await eventually(() => focused(page), traceId(2))
    const top = await scrolled(page)
    expect(top).toBeGreaterThan(3000)
    await page.reload()
    await eventually(() => scrolled(page), top)
    await page.locator(`a.row.active[data-key="${traceId(2)}"]`).waitFor()
  })

  it('follows what comes, when it was left at its top', async () => {
    traces(60)
    const { page } = await open()
    await row(page, 60).click()
    await heading(page, 'GET /60').waitFor()
    await page.keyboard.press('Escape')
    await row(page, 60).waitFor()
    feed([{ trace: 61, id: 61, name: 'GET /61', kind: 'server', at: 61 }])
    await row(page, 61).waitFor()
    expect(await scrolled(page)).toBe(0)
  })
})

describe('A trace that is opened', () => {
  const frame = (page: Page) =>
    page.evaluate("getComputedStyle(document.activeElement).outlineStyle !== 'none'")

  it('has the focus at its first row, framed for those who use keys', async () => {
    traces(1)
    const { page } = await open()
    await rows(page).first().waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.getByRole('treeitem').waitFor()
    await eventually(() => focused(page), '0000000000000001')
    expect(await frame(page)).toBe(true)
    await page.keyboard.press('Enter')
    await page.getByRole('complementary', { name: 'Span' }).waitFor()
  })

  it('frames nothing for those who use a mouse, nor does the list they come back to', async () => {
    traces(1)
    const { page } = await open()
    await rows(page).first().click()
    await page.getByRole('treeitem').waitFor()
    await eventually(() => focused(page), '0000000000000001')
    expect(await frame(page)).toBe(false)
    await page.goBack()
    await eventually(() => focused(page), traceId(1))
    expect(await frame(page)).toBe(false)
  })

  it('leaves the focus alone when it is where the page begins', async () => {
    traces(1)
    const { page } = await open(`/traces/${traceId(1)}`)
    await page.getByRole('treeitem').waitFor()
    await page.keyboard.press('?')
    const sheet = page.getByRole('dialog', { name: 'Keys' })
    await sheet.waitFor()
    await page.keyboard.press('Escape')
    await sheet.waitFor({ state: 'hidden' })
    expect(await focused(page)).toBe('')
  })
})

describe('The title of the page', () => {
  it('says which screen, and which trace with how long it took', async () => {
    feed([{ id: 1, name: 'POST /orders', kind: 'server', took: 842 }])
    const { page } = await open()
    await eventually(() => page.title(), 'Traces · callchain')
    await rows(page).first().click()
    await eventually(() => page.title(), 'POST /orders 842 ms · callchain')
    for (const [key, name] of ['oOperations', 'mMap', 'lLogs', 'rReceiver', 'tTraces'].map(
      (each) => [each.charAt(0), each.slice(1)] as const,
    )) {
      await page.keyboard.press(key)
      await eventually(() => page.title(), `${name} · callchain`)
    }
  })
})
