import { expect, it } from '@jest/globals'
import { spanId, type TestSpan, traceId } from '../spans.ts'
import { keepPicture } from './open-page.ts'
import { asked, eventually, pageForTests, rows } from './page-for-tests.ts'

const { feed, open } = pageForTests()

const spans: readonly TestSpan[] = [
  { id: 1, service: 'gateway', name: 'POST /orders', kind: 'server', took: 90, error: true },
  {
    ...{ id: 2, parent: 1, service: 'gateway', name: 'POST', kind: 'client', at: 5, took: 80 },
    error: true,
  },
  {
    ...{ id: 3, parent: 2, service: 'orders', name: 'POST /orders', kind: 'server', at: 8 },
    ...{ took: 70, error: true },
  },
  {
    ...{ id: 4, parent: 3, service: 'inventory', name: 'UPDATE', kind: 'client', at: 20, took: 30 },
    error: 'stock_not_negative',
    attributes: {
      ...{ 'db.system.name': 'postgresql', 'db.query.text': 'UPDATE shelf SET n = n - 1' },
      'db.response.status_code': '23514',
    },
  },
  { trace: 2, id: 1, service: 'gateway', name: 'GET /', kind: 'server', at: 200, took: 3 },
]
const SENTENCE = 'Failed in inventory: UPDATE shelf (23514: stock_not_negative)'

it('says in the list and on top of the trace what failed, and leads to the row', async () => {
  feed(spans)
  for (const dark of [false, true]) {
    const { page, faults } = await open('/traces', { dark })
    await rows(page).getByText(SENTENCE).waitFor()
    await keepPicture(page, `headline-list-${dark ? 'dark' : 'light'}`)
    await rows(page).getByText(SENTENCE).click()
    const link = page.getByRole('link', { name: SENTENCE })
    await link.focus()
    await page.keyboard.press('Enter')
    await eventually(() => asked(page, 'span'), spanId(4))
    await page.getByRole('complementary', { name: 'Span' }).getByText('UPDATE').first().waitFor()
    await keepPicture(page, `headline-trace-${dark ? 'dark' : 'light'}`)
    expect(faults).toEqual([])
  }
})

it('says that nothing failed in a trace that is as it should be', async () => {
  feed(spans)
  const { page } = await open(`/traces/${traceId(2)}`)
  await page.getByRole('link', { name: 'Took 3 ms' }).waitFor()
})

it('says on Operations and on the map which service is to blame', async () => {
  feed(spans)
  const { page } = await open('/operations')
  const row = (name: RegExp) => page.locator('.operation-columns.row', { hasText: name })
  await row(/inventory/)
    .getByText('1 began')
    .waitFor()
  expect(
    await row(/orders.*POST \/orders/)
      .first()
      .getByText('began')
      .count(),
  ).toBe(0)
  await keepPicture(page, 'headline-operations-light')
  await page.keyboard.press('m')
  const node = page.locator('.node[data-key="service:inventory"]')
  await node.waitFor()
  expect(await node.getAttribute('aria-label')).toContain('1 error began here')
  const passedOn = page.locator('.node[data-key="service:orders"]')
  expect(await passedOn.getAttribute('aria-label')).not.toContain('began here')
  await node.press('Enter')
  await page.locator('dl.pairs > div', { hasText: 'Errors that began here1' }).waitFor()
  await keepPicture(page, 'headline-map-light')
})
