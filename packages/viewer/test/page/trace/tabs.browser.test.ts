import { describe, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { BASE, spanId, type TestSpan, traceId } from '../../spans.ts'
import { asked, eventually, pageForTests, rows } from '../page-for-tests.ts'
import { sendLogs } from '../send-logs.ts'

const viewer = pageForTests()
const { feed, open } = viewer
const path = `/traces/${traceId(1)}`
const labels = (page: Page) => page.locator('.span-row .span-label').allTextContents()

const order: TestSpan = {
  id: 1,
  service: 'orders',
  name: 'POST /orders',
  kind: 'server',
  took: 100,
}
const statements = Array.from(
  { length: 12 },
  (_, index): TestSpan => ({
    id: 10 + index,
    parent: 1,
    service: 'orders',
    name: 'SELECT items',
    kind: 'client',
    at: 5 + index * 5,
    took: index === 7 ? 4 : 2,
    attributes: {
      'db.system.name': 'postgresql',
      'db.query.text': `SELECT name FROM items WHERE id = ${index}`,
    },
  }),
)

describe('the statements of a trace', () => {
  it('are formatted in the panel, and raw when asked for', async () => {
    feed([order, ...statements])
    const { page, faults } = await open(`${path}?span=${spanId(12)}`)
    const text = () => page.locator('.panel .sql pre').textContent()
    await eventually(text, 'SELECT\n  name\nFROM\n  items\nWHERE\n  id = 2')
    await page.getByRole('button', { name: 'Raw' }).click()
    await eventually(text, 'SELECT name FROM items WHERE id = 2')
    expect(faults).toEqual([])
  })

  it('are listed together in their tab, N+1 marked, and lead to the longest span', async () => {
    feed([order, ...statements])
    const { page } = await open(path)
    await page
      .getByRole('treeitem', { name: /POST \/orders/ })
      .getByText('N+1 · 12×')
      .waitFor()
    await page.keyboard.press('2')
    const group = page.locator('.sql-group')
    await group.getByText('N+1 · 12×').waitFor()
    expect(await group.count()).toBe(1)
    await page.locator('.span-links a').first().click()
    await eventually(() => asked(page, 'span'), spanId(17))
    await page.locator('.span-row.chosen').waitFor()
  })
})

describe('log lines', () => {
  it('show in their trace, at their span, and lead from the list of all lines to the span', async () => {
    feed([order, ...statements])
    await sendLogs(viewer.url, [
      { body: 'stock is low', trace: traceId(1), span: spanId(12), time: BASE + 12, severity: 13 },
      { body: 'nothing to do with it', time: BASE + 13, severity: 9 },
    ])
    const { page, faults } = await open('/logs?q=level%3E%3Dwarn')
    await page.getByText('1 of 2 lines').waitFor()
    await page.locator('.log-columns a').click()
    await page.locator('.panel .log-lines').getByText('stock is low').waitFor()
    expect(await asked(page, 'span')).toBe(spanId(12))
    await page.keyboard.press('3')
    await page.locator('.log-body').getByText('stock is low').waitFor()
    expect(await page.locator('.log-body').count()).toBe(1)
    expect(faults).toEqual([])
  })
})

describe('the time axis', () => {
  const last = (page: Page) => page.locator('.ruler-ticks span').last().textContent()

  it('shows the part that is dragged over in the minimap, and all of it again', async () => {
    feed([order, ...statements])
    const { page } = await open(path)
    await page.getByRole('treeitem').first().waitFor()
    const box = await page.locator('.minimap canvas').boundingBox()
    if (!box) throw new Error('The minimap has no size')
    await page.mouse.move(box.x + box.width / 4, box.y + 20)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width / 2, box.y + 20, { steps: 4 })
    await page.mouse.up()
    await eventually(() => last(page), '50.0 ms')
    await page.keyboard.press('z')
    await eventually(() => last(page), '100 ms')
  })

  it('marks the critical path, until it is switched off', async () => {
    feed([order, ...statements])
    const { page } = await open(path)
    await page.locator('.span-row .critical').first().waitFor()
    await page.keyboard.press('c')
    await eventually(() => page.locator('.span-row .critical').count(), 0)
  })

  it('moves spans of another clock only when asked', async () => {
    feed([
      { id: 1, service: 'a', name: 'call', kind: 'client', at: 50, took: 40 },
      { id: 2, parent: 1, service: 'b', name: 'served', kind: 'server', took: 10 },
    ])
    const { page } = await open(path)
    const left = () =>
      page
        .getByRole('treeitem', { name: /b served/ })
        .locator('.bar')
        .evaluate(leftOf)
    const leftOf = (bar: { getAttribute(name: string): string | null }) =>
      /left: ([\d.]+)%/.exec(bar.getAttribute('style') ?? '')?.[1]
    const times = () => page.locator('.ruler-ticks span').allTextContents()
    await eventually(left, '0')
    await eventually(times, ['0 ms', '22.5 ms', '45.0 ms', '67.5 ms', '90.0 ms'])
    const note = page.locator('.clock-note')
    expect(await note.textContent()).toMatch(
      /The clock of b differs from its callers’ by 65.0 ms: times are shown as sent/,
    )
    await page
      .getByRole('treeitem', { name: /b served/ })
      .getByText('clock')
      .waitFor()
    await page.getByRole('button', { name: 'Correct clocks' }).click()
    await eventually(left, '37.5')
    await eventually(times, ['0 ms', '10.0 ms', '20.0 ms', '30.0 ms', '40.0 ms'])
    expect(await asked(page, 'clocks')).toBe('corrected')
    await page.reload()
    await eventually(left, '37.5')
    await page.getByRole('button', { name: 'Correct clocks' }).click()
    await eventually(left, '0')
  })
})

describe('folding', () => {
  it('folds all and unfolds all by keys, and one by its arrow', async () => {
    feed([order, { id: 2, parent: 1, name: 'middle' }, { id: 3, parent: 2, name: 'leaf' }])
    const { page } = await open(path)
    await eventually(() => labels(page), ['POST /orders', 'middle', 'leaf'])
    await page.keyboard.press('[')
    await eventually(() => labels(page), ['POST /orders', 'middle'])
    await page.keyboard.press(']')
    await eventually(() => labels(page), ['POST /orders', 'middle', 'leaf'])
    await page.locator('.span-row').first().locator('.twisty').click()
    await eventually(() => labels(page), ['POST /orders'])
  })
})

describe('links between traces', () => {
  it('lead from the consumer to its producer and back', async () => {
    feed([
      { trace: 1, id: 1, service: 'orders', name: 'send', kind: 'producer' },
      {
        trace: 2,
        id: 2,
        service: 'mailer',
        name: 'process',
        kind: 'consumer',
        at: 9,
        links: [{ trace: 1, span: 1 }],
      },
    ])
    const { page } = await open(`/traces/${traceId(2)}?span=${spanId(2)}`)
    await page.locator('.panel li a').click()
    await page.getByRole('heading', { name: 'send', level: 1 }).waitFor()
    await page.locator('.panel li').getByText('in mailer process').waitFor()
    await page.getByRole('heading', { name: 'Linked from', level: 3 }).waitFor()
    await page.locator('.panel li a').click()
    await page.getByRole('heading', { name: 'process', level: 1 }).waitFor()
  })
})

describe('the other tabs', () => {
  it('draw the map of the trace, and give it as JSON and as Markdown', async () => {
    feed([order, ...statements])
    const { page, faults } = await open(`${path}?tab=map`)
    await eventually(() => page.locator('.node').count(), 2)
    await page.keyboard.press('5')
    await page.locator('.code-lines').getByText('"resourceSpans": [').waitFor()
    for (const [name, part] of [
      ['Download JSON', '"resourceSpans"'],
      ['Download Markdown', 'POST /orders'],
    ] as const) {
      const href = await page.getByRole('link', { name }).getAttribute('href')
      const answer = await page.request.get(viewer.url + href)
      expect(await answer.text()).toContain(part)
    }
    expect(faults).toEqual([])
  })
})

describe('the receiver', () => {
  it('gives the lines for each framework, and says what came and what was wrong with it', async () => {
    const { page, faults } = await open('/receiver')
    await page.getByText(/Nothing received yet/).waitFor()
    for (const name of ['Express', 'Koa', 'Fastify', 'Any OpenTelemetry SDK']) {
      await page.getByRole('button', { name, exact: true }).click()
      const needle =
        name === 'Any OpenTelemetry SDK' ? viewer.url : `@callchain/${name.toLowerCase()}`
      await page.locator('pre', { hasText: needle }).waitFor()
    }
    await page.request.post(`${viewer.url}/v1/traces`, {
      data: 'no JSON',
      headers: { 'content-type': 'application/json' },
    })
    await page.locator('td.bad').getByText(/^400/).waitFor()
    await page
      .locator('.hints')
      .getByText(/got status 400/)
      .waitFor()
    expect(faults).toEqual([])
  })
})

describe('live data', () => {
  it('moves nothing but the rows', async () => {
    feed([order])
    const { page } = await open()
    await rows(page).first().waitFor()
    const places = () =>
      page.locator('.toolbar, .chips, .scatter, .table-head, .trace-table').evaluateAll((all) =>
        all.map((each) => {
          const { left, top, width, height } = each.getBoundingClientRect()
          return [left, top, width, height]
        }),
      )
    const before = await places()
    const later = { took: 2000, error: true, attributes: { 'tenant.id': 'acme', 'user.id': 'ada' } }
    feed(
      Array.from({ length: 60 }, (_, at) => ({
        trace: at + 2,
        id: at + 2,
        at: at * 100,
        ...later,
      })),
    )
    await page.locator('.matched').getByText('61 traces').waitFor()
    await eventually(places, before)
  })
})
