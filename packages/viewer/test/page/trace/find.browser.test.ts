import { describe, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { spanId, type TestSpan, traceId } from '../../spans.ts'
import { asked, eventually, pageForTests } from '../page-for-tests.ts'

const { feed, open } = pageForTests()

/** A call with six statements below it; every other one reads items. */
const spans: TestSpan[] = [
  { id: 1, name: 'GET /items', kind: 'server', took: 100 },
  ...Array.from({ length: 6 }, (_, index): TestSpan => {
    const name = index % 2 === 0 ? `read item ${index}` : `write order ${index}`
    return { id: index + 2, parent: 1, name, at: 10 * index, took: 5 }
  }),
]

const isInBox = (page: Page) =>
  page.evaluate("document.activeElement.matches('input[type=search]')")

async function find(page: Page, text: string): Promise<void> {
  await page.getByRole('treeitem').first().waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type(text)
}

/** Presses a key, and waits until this match is the chosen one. */
async function to(page: Page, key: string, match: string, span: number): Promise<void> {
  await page.keyboard.press(key)
  await page.locator('.find').getByText(match, { exact: true }).waitFor()
  await eventually(() => asked(page, 'span'), spanId(span))
}

describe('Find in a trace', () => {
  it('steps on with Enter and back with Shift and Enter, while one can go on typing', async () => {
    feed(spans)
    const { page, faults } = await open(`/traces/${traceId(1)}`)
    await find(page, 'read ite')
    await page.locator('.find').getByText('– of 3').waitFor()
    await to(page, 'Enter', '1 of 3', 2)
    await to(page, 'Enter', '2 of 3', 4)
    await to(page, 'Enter', '3 of 3', 6)
    await to(page, 'Enter', '1 of 3', 2)
    await to(page, 'Shift+Enter', '3 of 3', 6)
    await to(page, 'Shift+Enter', '2 of 3', 4)
    await page.keyboard.type('m 4')
    await to(page, 'Enter', '1 of 1', 6)
    expect(await isInBox(page)).toBe(true)
    expect(faults).toEqual([])
  })

  it('leaves the box with Esc, keeps its text and the chosen span, and walks on with n', async () => {
    feed(spans)
    const { page } = await open(`/traces/${traceId(1)}`)
    await find(page, 'read')
    await to(page, 'Enter', '1 of 3', 2)
    await page.keyboard.press('Escape')
    await eventually(() => page.evaluate('document.activeElement.dataset.key ?? ""'), spanId(2))
    expect(await asked(page, 'find')).toBe('read')
    expect(await asked(page, 'span')).toBe(spanId(2))
    await to(page, 'n', '2 of 3', 4)
  })

  it('steps again and again by its buttons, which keep the focus', async () => {
    feed(spans)
    const { page } = await open(`/traces/${traceId(1)}?find=read`)
    const next = page.getByRole('button', { name: 'Next match (n)' })
    await next.focus()
    await to(page, 'Enter', '1 of 3', 2)
    await to(page, 'Enter', '2 of 3', 4)
    await to(page, 'Enter', '3 of 3', 6)
  })
})
