import { expect, it } from '@jest/globals'
import { type TestSpan, traceId } from '../spans.ts'
import { keepPicture } from './open-page.ts'
import { asked, eventually, pageForTests, rows } from './page-for-tests.ts'

const { feed, open } = pageForTests()

const of = (queue: string, more: Record<string, string | number> = {}) => ({
  ...{ 'messaging.system': 'kafka', 'messaging.destination.name': queue, ...more },
})

/** An order whose message waits 85 ms, is handled twice, and is in a batch of another trace. */
const spans: readonly TestSpan[] = [
  { id: 1, service: 'shop', name: 'POST /orders', kind: 'server', took: 20 },
  {
    ...{
      id: 2,
      parent: 1,
      service: 'shop',
      name: 'send orders',
      kind: 'producer',
      at: 10,
      took: 5,
    },
    attributes: of('orders', { 'messaging.operation.type': 'send' }),
  },
  {
    ...{ id: 3, parent: 2, service: 'billing', name: 'process orders', kind: 'consumer' },
    ...{ at: 100, took: 20, error: 'card refused', links: [{ trace: 1, span: 2 }] },
    attributes: of('orders', { 'messaging.operation.type': 'process' }),
  },
  {
    ...{ id: 4, parent: 2, service: 'billing', name: 'process orders', kind: 'consumer' },
    ...{ at: 160, took: 12, links: [{ trace: 1, span: 2 }] },
    attributes: of('orders', { 'messaging.operation.type': 'process' }),
  },
  {
    ...{ id: 5, parent: 3, service: 'billing', name: 'INSERT', kind: 'client', at: 105, took: 10 },
    attributes: {
      'db.system.name': 'postgresql',
      'db.query.text': 'INSERT INTO bills VALUES ($1)',
    },
  },
  {
    ...{ trace: 2, id: 6, service: 'report', name: 'nightly batch', kind: 'consumer' },
    ...{ at: 400, took: 30 },
    links: [
      { trace: 1, span: 2, attributes: { 'messaging.message.id': 'm-17' } },
      { trace: 9, span: 9 },
    ],
    attributes: of('orders', { 'messaging.batch.message_count': 12 }),
  },
]

it('shows in a trace who sends and who handles, and the time in the queue between them', async () => {
  feed(spans)
  for (const dark of [false, true]) {
    const { page, faults } = await open(`/traces/${traceId(1)}`, { dark })
    const row = (name: RegExp) => page.getByRole('treeitem', { name })
    await row(/send orders/).waitFor()
    expect(await row(/process orders/).count()).toBe(2)
    const waiting = row(/process orders.*error/).locator('.waiting')
    expect(await waiting.getAttribute('title')).toBe('In orders for 85.0 ms')
    expect(await row(/send orders/).getAttribute('aria-label')).toBe(
      'shop send orders, 5.00 ms, 1 link from other traces',
    )
    await row(/process orders.*error/).click()
    await page.getByText('It waited 85.0 ms in orders').waitFor()
    await keepPicture(page, `messages-trace-${dark ? 'dark' : 'light'}`)
    expect(faults).toEqual([])
  }
})

it('leads from a batch to the traces of its messages and back, by keys alone', async () => {
  feed(spans)
  const { page } = await open(`/traces/${traceId(2)}?span=0000000000000006`)
  const panel = page.getByRole('complementary', { name: 'Span' })
  await panel.getByText('Links to (2)').waitFor()
  await panel.getByText('m-17').waitFor()
  await panel.getByText('not received').waitFor()
  await panel.getByText('The oldest message waited 385 ms in orders').waitFor()
  await keepPicture(page, 'messages-batch-light')
  const there = panel.getByRole('link', { name: 'shop send orders in shop POST /orders' })
  await there.focus()
  await page.keyboard.press('Enter')
  await eventually(() => asked(page, 'span'), '0000000000000002')
  expect(page.url()).toContain(traceId(1))
  await panel.getByText('Linked from (3)').waitFor()
  expect(await panel.getByText('in this trace').count()).toBe(2)
  await panel.getByRole('link', { name: 'report nightly batch in report nightly batch' }).click()
  await eventually(() => asked(page, 'span'), '0000000000000006')
})

it('has a queue on the map, with its rate, its errors and its delay', async () => {
  feed(spans)
  for (const dark of [false, true]) {
    const { page, faults } = await open('/map', { dark })
    const queue = page.locator('.node[data-key="messaging:kafka/orders"]')
    await queue.waitFor()
    expect(await queue.getAttribute('aria-label')).toBe(
      'queue orders: 1 message, waits 385 ms · 33% errors',
    )
    await queue.press('Enter')
    const side = page.getByRole('complementary', { name: 'orders' })
    for (const [name, value] of [
      ['Sent', '1'],
      ['Handled', '3'],
      ['Failed to send', '0'],
      ['Failed to handle', '1'],
      ['Waited p50', '145 ms'],
      ['Waited at most', '385 ms'],
    ] as const)
      await side.locator('dl.pairs > div', { hasText: name + value }).waitFor()
    await keepPicture(page, `messages-map-${dark ? 'dark' : 'light'}`)
    expect(faults).toEqual([])
  }
})

it('finds by the queue who sent to it and who handled its messages', async () => {
  feed([...spans, { trace: 3, id: 1, name: 'GET /' }])
  const { page } = await open('/traces')
  await eventually(() => rows(page).count(), 3)
  const query = page.getByRole('combobox', { name: 'Query' })
  await query.fill('queue:ord')
  await page.getByRole('option', { name: /queue:orders/ }).waitFor()
  await query.press('Tab')
  await eventually(() => asked(page, 'q'), 'queue:orders')
  await eventually(() => rows(page).count(), 2)
  await page.keyboard.press('Escape')
  await page
    .locator('h1, body')
    .first()
    .click({ position: { x: 2, y: 2 } })
  await page.keyboard.press('?')
  await page.getByRole('region', { name: 'Queries' }).getByText('queue:orders').waitFor()
  await keepPicture(page, 'messages-help-light')
})
