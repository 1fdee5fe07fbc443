import { describe, expect, it } from '@jest/globals'
import { BASE, spanId, type TestSpan, traceId } from '../spans.ts'
import { eventually, pageForTests } from './page-for-tests.ts'
import { sendLogs } from './send-logs.ts'
import { shop } from './shop-spans.ts'

const viewer = pageForTests()
const { feed, open } = viewer
const inTrace = (query: string) => `/traces/${traceId(1)}?${query}`

/** A service that calls another, which asks its database. */
function chain(caller: string, called: string, database: string): TestSpan[] {
  return [
    { id: 1, service: caller, kind: 'server', took: 90 },
    { id: 2, parent: 1, service: caller, kind: 'client', at: 1, took: 80 },
    { id: 3, parent: 2, service: called, kind: 'server', at: 2, took: 70 },
    {
      id: 4,
      parent: 3,
      service: called,
      kind: 'client',
      at: 3,
      took: 60,
      attributes: { 'db.system.name': 'postgresql', 'db.namespace': database },
    },
  ]
}

describe('the map', () => {
  it('keeps the order of a call whose names are read from right to left', async () => {
    feed(chain('بوابة', 'שירות', 'דואר'))
    const { page } = await open('/map')
    const call = page.getByRole('button', { name: 'بوابة → שירות' })
    await call.waitFor()
    const [from, to] = await call
      .locator('bdi')
      .evaluateAll((names) => names.map((name) => name.getBoundingClientRect().left))
    expect(from).toBeLessThan(to ?? 0)
  })

  it('tells a database from the service of the same name', async () => {
    feed(chain('gateway', 'orders', 'orders'))
    const { page } = await open('/map')
    await page.getByRole('button', { name: 'orders → orders (postgresql)' }).click()
    await page.getByRole('complementary', { name: 'orders → orders (postgresql)' }).waitFor()
  })

  it('cuts names, between two signs, where their box ends', async () => {
    feed(chain('W'.repeat(40), '👩‍👩‍👧‍👦'.repeat(30), '漢'.repeat(60)))
    const { page } = await open('/map')
    const boxes = page.locator('.node')
    await eventually(() => boxes.count(), 3)
    const outside = await boxes.evaluateAll(
      (nodes) =>
        nodes.flatMap((node) => {
          const end = node.querySelector('rect')?.getBoundingClientRect().right ?? 0
          const texts = [...node.querySelectorAll('text')]
          return texts.filter((text) => text.getBoundingClientRect().right > end - 2)
        }).length,
    )
    expect(outside).toBe(0)
    expect(await page.locator('.node .name').allTextContents()).toContainEqual(
      expect.stringMatching(/^(?:👩‍👩‍👧‍👦)+…$/u),
    )
  })

  it('draws only its own frame around what was clicked', async () => {
    feed(shop)
    const { page } = await open('/map')
    await page.locator('.node').first().click()
    await page.locator('.node.chosen').waitFor()
    const outline = await page.evaluate(
      "getComputedStyle(document.querySelector('.node.chosen')).outlineStyle",
    )
    expect(outline).toBe('none')
  })

  it('of one trace counts calls, which have no rate', async () => {
    feed(shop)
    const { page } = await open(inTrace('tab=map'))
    await eventually(() => page.locator('.node').count(), 3)
    const words = (await page.locator('.map-canvas text').allTextContents()).join('\n')
    expect(words).toMatch(/\b1 call\b/)
    expect(words).not.toMatch(/\/(?:s|min)\b/)
    await page.locator('.node').first().click()
    await page.getByText('Calls', { exact: true }).first().waitFor()
    expect(await page.getByText('Rate', { exact: true }).count()).toBe(0)
  })
})

describe('the log lines of a trace', () => {
  it('lead to their span, and show no frame around no fields', async () => {
    feed(shop)
    const time = BASE + 1
    await sendLogs(viewer.url, [
      { body: 'taken', time, severity: 9, trace: traceId(1), span: spanId(2) },
    ])
    const { page } = await open(inTrace('tab=logs'))
    await page.locator('.table-head').getByText('Span', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'taken' }).click()
    await page.locator('.log-panel').waitFor()
    expect(await page.locator('.log-panel .attributes').count()).toBe(0)
    await page.getByTitle(`Span ${spanId(2)}`).click()
    await page.waitForURL(`**/traces/${traceId(1)}?span=${spanId(2)}`)
  })
})

describe('a tenant and a user', () => {
  const attributes = { 'tenant.id': 'acme', 'user.id': 'u-16' }
  const title = `GET /${'a-long-part/'.repeat(20)}`

  it.each([
    ['above a trace, however long its name', inTrace(''), '.trace-title .who .tag'],
    ['in the list', '/', '.trace-table .who .tag'],
  ])('are readable %s', async (_, path, tags) => {
    feed([{ id: 1, name: title, attributes }])
    const { page } = await open(path, { width: 1024 })
    await eventually(() => page.locator(tags).count(), 2)
    const areCut = () =>
      page
        .locator(tags)
        .evaluateAll((all) => all.map((each) => each.scrollWidth > each.clientWidth))
    await eventually(areCut, [false, false])
    const tooWide = 'document.documentElement.scrollWidth > innerWidth'
    expect(await page.evaluate(tooWide)).toBe(false)
  })
})

describe('a query that no span fits alone', () => {
  it('offers to let different spans match its terms', async () => {
    feed(chain('gateway', 'inventory', 'stock'))
    const { page } = await open('/?q=service:gateway%20db.namespace=stock')
    await page.getByText('One trace fits if different spans may match the terms').waitFor()
    await page
      .getByRole('button', { name: 'Search for service:gateway && db.namespace=stock' })
      .click()
    await page
      .locator(`a[href*="${traceId(1)}"]`)
      .first()
      .waitFor()
    expect(new URL(page.url()).searchParams.get('q')).toBe('service:gateway && db.namespace=stock')
  })
})

describe('a query that is refused', () => {
  it('is not asked again whenever something arrives', async () => {
    feed([{ id: 1 }])
    const { page } = await open('/?q=AND')
    await page.getByText(/write them without AND/).waitFor()
    const asked: string[] = []
    page.on('request', (request) => {
      if (new URL(request.url()).pathname === '/api/local/traces') asked.push(request.url())
    })
    for (const spans of [2, 3, 4, 5]) {
      feed([{ trace: spans, id: spans }])
      await page.getByText(`${spans} / 200k`).waitFor()
    }
    expect(asked).toEqual([])
  })
})

describe('the row of a statement', () => {
  it('says what it does where its name does not', async () => {
    const statement = (id: number, name: string, table: string): TestSpan => ({
      ...{ id, parent: 1, name, kind: 'client', at: id, took: 5 },
      attributes: { 'db.system.name': 'postgresql', 'db.query.text': `SELECT * FROM ${table}` },
    })
    feed([
      { id: 1, kind: 'server', took: 60 },
      statement(2, 'sql.conn.query', 'customer'),
      statement(3, 'sql.conn.query', 'item'),
      statement(4, 'SELECT price', 'price'),
    ])
    const { page } = await open(inTrace(''))
    const rows = page.locator('.span-label')
    await rows.nth(3).waitFor()
    expect(await rows.locator('small').allInnerTexts()).toEqual(['SELECT customer', 'SELECT item'])
    expect(await rows.nth(3).innerText()).toBe('SELECT price')
  })
})
