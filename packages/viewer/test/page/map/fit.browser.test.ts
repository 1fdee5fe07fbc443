import { expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import type { TestSpan } from '../../spans.ts'
import { eventually, pageForTests } from '../page-for-tests.ts'

const { feed, open } = pageForTests()

/** So many services: a chain of calls, or one that calls all others. */
const calls = (count: number, shape: 'chain' | 'star') =>
  Array.from(
    { length: count },
    (_, index): TestSpan => ({
      id: index + 1,
      service: `service-${String(index).padStart(3, '0')}`,
      kind: 'server',
      at: index,
      took: 1000 - 2 * index,
      ...(index === 0 ? {} : { parent: shape === 'chain' ? index : 1 }),
    }),
  )

/** The nodes that the place of the map shows in part, or not at all. */
const cut = (page: Page) =>
  page.evaluate(`(() => {
    const place = document.querySelector('.map-canvas').getBoundingClientRect()
    return [...document.querySelectorAll('.node')].filter((node) => {
      const box = node.getBoundingClientRect()
      return box.left < place.left - 1 || box.right > place.right + 1 ||
        box.top < place.top - 1 || box.bottom > place.bottom + 1
    }).length
  })()`)

it('is drawn from top to bottom if there is no room from left to right', async () => {
  feed(calls(4, 'chain'))
  const { page } = await open('/map', { width: 1024 })
  await page.locator('.node').nth(3).waitFor()
  await eventually(() => cut(page), 0)
  expect(await page.getByRole('button', { name: 'Show all of it' }).count()).toBe(0)
  await page.setViewportSize({ width: 1600, height: 800 })
  const heights = () =>
    page.evaluate(
      `new Set([...document.querySelectorAll('.node')].map((it) => it.getBoundingClientRect().top)).size`,
    )
  await eventually(heights, 1)
  await eventually(() => cut(page), 0)
})

it('is walked callers first, also when drawn from top to bottom', async () => {
  const [a, b, c, d] = calls(4, 'chain')
  if (!a || !b || !c || !d) throw new Error('no chain')
  feed([a, b, c, d, { ...b, id: 5, service: 'service-004', at: 900, took: 1 }])
  const { page } = await open('/map', { width: 1024 })
  const caller = page.locator('.node[data-key="service:service-000"]')
  const last = page.locator('.node[data-key="service:service-003"]')
  await caller.waitFor()
  const isUpright = `
    document.querySelector('[data-key="service:service-003"]').getBoundingClientRect().top >
    document.querySelector('[data-key="service:service-000"]').getBoundingClientRect().bottom`
  await eventually(() => page.evaluate(isUpright), true)
  await eventually(() => caller.getAttribute('tabindex'), '0')
  const focused = () => page.evaluate('document.activeElement.dataset.key')
  await page.keyboard.press('End')
  await eventually(focused, await last.getAttribute('data-key'))
  await page.keyboard.press('Home')
  await eventually(focused, await caller.getAttribute('data-key'))
})

it('is shown whole when asked, and large again', async () => {
  feed(calls(60, 'star'))
  const { page } = await open('/map')
  await page.locator('.node').nth(59).waitFor()
  await eventually(async () => Number(await cut(page)) > 0, true)
  const whole = page.getByRole('button', { name: 'Show all of it' })
  await whole.click()
  await eventually(() => cut(page), 0)
  expect(await whole.getAttribute('aria-pressed')).toBe('true')
  await whole.click()
  await eventually(async () => Number(await cut(page)) > 0, true)
})
