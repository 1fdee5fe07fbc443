import { expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { type TestSpan, traceId } from '../../spans.ts'
import { eventually, pageForTests } from '../page-for-tests.ts'

const { feed, open } = pageForTests()

const many = Array.from(
  { length: 10_000 },
  (_, index): TestSpan => ({
    id: index + 1,
    ...(index === 0 ? { took: 10_000 } : { parent: 1, at: index }),
    ...(index % 3 === 1 ? { kind: 'client', attributes: { 'db.system.name': 'postgresql' } } : {}),
    ...(index % 7 === 1 ? { error: true } : {}),
  }),
)

const scrollTo = (page: Page, row: number) =>
  page.evaluate(`document.querySelector('.waterfall .window-list').scrollTop = ${row * 28}`)

/** The names of the rows as they stand in the page, and as they are seen from above to below. */
function namesOf(page: Page): Promise<{ standing: string[]; seen: string[] }> {
  return page.evaluate(`(() => {
    const rows = [...document.querySelectorAll('[role="treeitem"]')]
    const name = (row) => row.querySelector('.span-label').textContent
    const top = (row) => row.getBoundingClientRect().top
    return { standing: rows.map(name), seen: rows.toSorted((a, b) => top(a) - top(b)).map(name) }
  })()`)
}

/** Waits until the list has stood still for twenty frames. */
function restOf(page: Page): Promise<void> {
  return page.evaluate(`new Promise((done) => {
    const list = document.querySelector('.waterfall .window-list')
    let [last, still] = [-1, 0]
    const look = () => {
      still = list.scrollTop === last ? still + 1 : 0
      last = list.scrollTop
      if (still === 20) done()
      else requestAnimationFrame(look)
    }
    look()
  })`)
}

function isChosenInSight(page: Page): Promise<boolean> {
  return page.evaluate(`(() => {
    const list = document.querySelector('.waterfall .window-list').getBoundingClientRect()
    const row = document.querySelector('.span-row.chosen')?.getBoundingClientRect()
    return row !== undefined && row.top >= list.top && row.bottom <= list.bottom
  })()`)
}

async function openTrace(): Promise<Page> {
  feed(many)
  const { page } = await open(`/traces/${traceId(1)}`)
  await page.getByRole('treeitem', { name: /span 20,/ }).waitFor()
  return page
}

it('shows one span after another in the same elements, and all that is said of each', async () => {
  const page = await openTrace()
  await page.evaluate(
    `for (const row of document.querySelectorAll('[role="treeitem"]')) row.isOld = true`,
  )
  await scrollTo(page, 5000)
  const row = (number: number) => page.getByRole('treeitem', { name: `span ${number},` })
  await row(5010).waitFor()
  expect(
    await page.evaluate(
      `[...document.querySelectorAll('[role="treeitem"]')].every(({ isOld }) => isOld)`,
    ),
  ).toBe(true)
  // 5009 = 3 · 1669 + 2 and 5013 = 7 · 716 + 1 count from 1: a statement, and one that failed.
  expect(await row(5009).locator('.span-name > .cylinder:not([hidden])').count()).toBe(1)
  expect(await row(5010).locator('.span-name > .cylinder:not([hidden])').count()).toBe(0)
  expect(await row(5014).getByTitle('Error').count()).toBe(1)
  expect(await row(5015).getByTitle('Error').count()).toBe(0)
  expect(await row(5014).getAttribute('aria-level')).toBe('2')
})

it('is in the visible order once it rests, wherever it is scrolled to', async () => {
  const page = await openTrace()
  for (const to of [3, 17, 4003, 4017, 9999, 40]) {
    await scrollTo(page, to)
    await page.getByRole('treeitem', { name: `span ${Math.min(to + 12, 10_000)},` }).waitFor()
    await eventually(async () => {
      const { standing, seen } = await namesOf(page)
      return standing.join() === seen.join()
    }, true)
    const { seen } = await namesOf(page)
    const numbers = seen.map((name) => Number(name.split(' ')[1]))
    expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index))
  }
})

it('keeps the focus in the list when the row that had it has left the sight, and scrolls on by keys', async () => {
  const page = await openTrace()
  await page.keyboard.press('j')
  await page.locator('.span-row.chosen:focus').waitFor()
  await page.locator('.waterfall .window-list').hover()
  await page.mouse.wheel(0, 5000 * 28)
  await page.locator('.waterfall .window-list:focus').waitFor()
  expect(await page.locator('.span-row:focus').count()).toBe(0)
  await page.keyboard.press('PageDown')
  await eventually(
    () => page.evaluate(`document.querySelector('.waterfall .window-list').scrollTop > 5000 * 28`),
    true,
  )
  await page.keyboard.press('j')
  await page.locator('.span-row.chosen:focus').waitFor()
})

it('brings the row that keys have chosen into sight while the list still scrolls on', async () => {
  const page = await openTrace()
  await page.keyboard.press('j')
  await page.locator('.span-row.chosen:focus').waitFor()
  // One page down is scrolled smoothly, as browsers do it; each key is pressed in the midst of it.
  for (const number of [2, 3, 4]) {
    await page.keyboard.press('PageDown')
    await eventually(
      () => page.evaluate(`document.querySelector('.waterfall .window-list').scrollTop > 0`),
      true,
    )
    await page.keyboard.press('j')
    await page.locator('.span-row.chosen:focus', { hasText: `span ${number}` }).waitFor()
    await restOf(page)
    expect(await isChosenInSight(page)).toBe(true)
    await scrollTo(page, 0)
    await restOf(page)
  }
})
