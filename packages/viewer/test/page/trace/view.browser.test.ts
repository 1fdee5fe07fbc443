import { describe, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { spanId, type TestSpan, traceId } from '../../spans.ts'
import { asked, eventually, pageForTests } from '../page-for-tests.ts'
import { shopCall, shopStatement } from '../shop-spans.ts'

const { feed, open } = pageForTests()
const path = `/traces/${traceId(1)}`
const names = (page: Page) => page.locator('.span-row .span-label').allTextContents()
const statement = 'SELECT * FROM items WHERE id = $1'

/** gateway calls orders, which runs a statement that fails in its code. */
const spans: TestSpan[] = [
  ...shopCall,
  {
    ...shopStatement,
    error: 'gone',
    attributes: {
      'db.system.name': 'postgresql',
      'db.query.text': statement,
      'code.file.path': '/srv/shop/items.js',
      'code.line.number': 41,
    },
    events: [
      { name: 'retry', at: 25 },
      {
        name: 'exception',
        at: 40,
        attributes: {
          'exception.type': 'Gone',
          'exception.message': 'gone',
          'exception.stacktrace':
            'Gone: gone\n    at load (/srv/shop/my items.js:7:3)\n    at javascript:alert(1):1:1',
        },
      },
    ],
  },
  { id: 5, parent: 1, service: 'gateway', name: 'audit', at: 92, took: 5 },
]

describe('the waterfall', () => {
  it('hides a service and shows it again, and says so in the address', async () => {
    feed(spans)
    const { page, faults } = await open(path)
    await eventually(async () => (await names(page)).length, 5)
    await page.getByText('Services', { exact: true }).click()
    await page.getByRole('checkbox', { name: /orders/ }).uncheck()
    await eventually(() => names(page), ['POST /orders', 'POST', 'audit'])
    expect(await asked(page, 'hide')).toBe('orders')
    await page.getByRole('button', { name: 'Only orders' }).click()
    await eventually(() => names(page), ['POST /save', 'SELECT items'])
    await page.reload()
    await eventually(() => names(page), ['POST /save', 'SELECT items'])
    await page.getByText('Services 1 of 2').click()
    await page.getByRole('button', { name: 'Show all services' }).click()
    await eventually(async () => (await names(page)).length, 5)
    expect(faults).toEqual([])
  })

  it('shows the subtree of one span alone, its time as wide as the page, and all of it again', async () => {
    feed(spans)
    const { page } = await open(`${path}?span=${spanId(3)}`)
    await page.getByRole('button', { name: 'Focus', exact: true }).click()
    await eventually(() => names(page), ['POST /save', 'SELECT items'])
    expect(await page.locator('.ruler-ticks span').last().textContent()).toBe('75.0 ms')
    await page.locator('.focus-note').getByText('1 span').waitFor()
    await page.keyboard.press('f')
    await eventually(async () => (await names(page)).length, 5)
    await page.keyboard.press('f')
    await page.getByRole('button', { name: 'Back to the whole trace' }).click()
    await eventually(async () => (await names(page)).length, 5)
  })

  it('brings a hidden span back when a key or a link leads to it', async () => {
    feed(spans)
    const { page } = await open(`${path}?hide=orders&focus=${spanId(5)}`)
    await eventually(() => names(page), ['audit'])
    await page.keyboard.press('e')
    await eventually(async () => (await names(page)).length, 5)
    await page.locator('.span-row.chosen').getByText('SELECT items').waitFor()
  })

  it('marks events on the bar, the way to an error, and the time between two services', async () => {
    feed(spans)
    const { page } = await open(path)
    const row = (name: RegExp) => page.getByRole('treeitem', { name })
    await row(/SELECT items/).waitFor()
    expect(
      await row(/SELECT items/)
        .locator('.event')
        .count(),
    ).toBe(2)
    expect(
      await row(/SELECT items/)
        .locator('.event.exception')
        .count(),
    ).toBe(1)
    expect(await page.locator('.error-below').count()).toBe(3)
    const network = row(/POST \/save/).locator('.network')
    expect(await network.getAttribute('title')).toContain('5.00 ms on the way here, 15.0 ms')
    expect(await page.locator('.network').count()).toBe(1)
  })

  it('finds, walks from match to match, and shows the matches alone', async () => {
    feed(spans)
    const { page } = await open(path)
    await page.getByLabel('Find in this trace').fill('GATEWAY')
    await page.locator('.find').getByText('– of 3').waitFor()
    await page.getByRole('button', { name: 'Next match (n)' }).click()
    await page.locator('.find').getByText('1 of 3').waitFor()
    await page.getByRole('button', { name: 'Previous match (N)' }).click()
    await page.locator('.find').getByText('3 of 3').waitFor()
    await page.getByRole('button', { name: 'Only these' }).click()
    await eventually(() => names(page), ['POST /orders', 'POST', 'audit'])
  })
})

describe('the panel of a span', () => {
  const selected = `${path}?span=${spanId(4)}`

  it.each([
    ['As Markdown', ['### orders `SELECT items`', '```sql', statement, '**Event** `Gone: gone at']],
    ['As text', ['orders SELECT items (client)', statement, `trace ${traceId(1)}`]],
    ['As JSON', [`"id": "${spanId(4)}"`, '"code.line.number": 41']],
  ])('copies the span %s', async (form, parts) => {
    feed(spans)
    const { page } = await open(selected, { permissions: ['clipboard-read', 'clipboard-write'] })
    await page.getByTitle('Copy the span').click()
    await page.getByRole('button', { name: form, exact: true }).click()
    await page.locator('.panel').getByText('Copied').waitFor()
    const text = String(await page.evaluate('navigator.clipboard.readText()'))
    for (const part of parts) expect(text).toContain(part)
  })

  it('asks for the traces with a value', async () => {
    feed(spans)
    const { page } = await open(selected)
    const line = page.getByRole('link', { name: 'Traces with this code.line.number' })
    await line.focus()
    await page.keyboard.press('Enter')
    await page.getByText('1 trace', { exact: true }).waitFor()
    expect(await asked(page, 'q')).toBe('code.line.number=41')
  })

  it('links to code only once an editor is chosen, and never but by the editor', async () => {
    feed(spans)
    const { page } = await open(selected)
    const links = page.locator('.panel a[href^="vscode:"], .panel a[href^="webstorm:"]')
    const editor = page.locator('.code-link').getByLabel('Open files in')
    await editor.waitFor()
    expect(await links.count()).toBe(0)
    await editor.selectOption('vscode')
    const hrefs = () => links.evaluateAll((all) => all.map((each) => each.getAttribute('href')))
    const wanted = [
      'vscode://file/srv/shop/my%20items.js:7:3',
      'vscode://file/srv/shop/items.js:41:1',
    ]
    await eventually(hrefs, wanted)
    await page.reload()
    await eventually(hrefs, wanted)
    await editor.selectOption('webstorm')
    await page
      .locator('a[href="webstorm://open?file=%2Fsrv%2Fshop%2Fitems.js&line=41&column=1"]')
      .waitFor()
    expect(await page.locator('.panel a[href*="javascript"]').count()).toBe(0)
  })
})

describe('a trace of 2,000 spans, of which the page holds only what it shows', () => {
  const many = Array.from(
    { length: 2000 },
    (_, index): TestSpan => ({
      id: index + 1,
      ...(index === 0 ? { took: 2000 } : { parent: 1, at: index }),
      attributes: { 'item.number': `number ${index + 1}.` },
    }),
  )

  it('shows the attributes of a span, and finds a span by its attributes', async () => {
    feed(many)
    const { page, faults } = await open(path)
    await page.getByRole('treeitem').first().waitFor()
    await page.getByLabel('Find in this trace').fill('number 1999.')
    await page.locator('.find').getByText('– of 1').waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('treeitem', { name: 'orders span 1999,' }).waitFor()
    await page.locator('.panel dd').getByText('number 1999.').waitFor()
    expect(faults).toEqual([])
  })
})
