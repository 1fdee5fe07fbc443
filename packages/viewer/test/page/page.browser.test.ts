import { describe, expect, it } from '@jest/globals'
import { spanId, type TestSpan, traceId } from '../spans.ts'
import { keepPicture } from './open-page.ts'
import { asked, eventually, pageForTests, rows } from './page-for-tests.ts'

const viewer = pageForTests()
const { feed, open } = viewer

function order(trace: number, more: Partial<TestSpan> = {}): TestSpan[] {
  const id = trace * 10
  const attributes = { 'tenant.id': trace % 2 === 0 ? 'acme' : 'globex', 'user.id': `u-${trace}` }
  return [
    { trace, id, name: `POST /orders/${trace}`, kind: 'server', at: trace, took: 20, attributes },
    { trace, id: id + 1, parent: id, name: 'SELECT items', kind: 'client', at: trace + 2, took: 9 },
    { trace, id: id + 2, parent: id, name: 'charge', at: trace + 12, took: 5, ...more },
  ]
}

describe('the list of traces', () => {
  it('says what to do while nothing was received, and shows the first trace without a reload', async () => {
    const { page, faults } = await open()
    await page.getByText('Waiting for the first trace').waitFor()
    expect(await page.locator('.empty code').textContent()).toContain(viewer.url)
    await keepPicture(page, 'empty')
    feed(order(1))
    await rows(page).first().waitFor()
    expect(await rows(page).first().textContent()).toContain('POST /orders/1')
    expect(faults).toEqual([])
  })

  it('stands still while paused, and catches up', async () => {
    feed(order(1))
    const { page } = await open()
    await rows(page).first().waitFor()
    await page.locator('.vitals .rate').waitFor()
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByRole('button', { name: 'Resume' }).waitFor()
    feed(order(2))
    const fresh = page.getByRole('button', { name: '1 new, show' })
    await fresh.waitFor()
    expect(await rows(page).count()).toBe(1)
    await fresh.click()
    await page.getByText('POST /orders/2').waitFor()
    await eventually(() => rows(page).count(), 2)
  })

  it('filters by tenant from the chip, in the address, and says so when nothing matches', async () => {
    feed([...order(1), ...order(2)])
    const { page } = await open()
    await rows(page).first().waitFor()
    await page.getByLabel('Filter by tenant').selectOption('acme')
    await page.getByText('1 of 2 traces').waitFor()
    expect(await asked(page, 'q')).toBe('tenant=acme')
    await page.goto(`${viewer.url}/?q=tenant%3Dnobody`)
    await page.getByText('No traces match').waitFor()
    await page.getByRole('button', { name: 'Show all traces' }).click()
    await page.getByText('2 traces', { exact: true }).waitFor()
  })

  it('completes keys and values, and says where a query is wrong', async () => {
    feed(order(1))
    const { page } = await open()
    await rows(page).first().waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('tenant.i')
    await page.getByRole('option', { name: /tenant\.id=/ }).waitFor()
    await page.keyboard.press('Tab')
    await page.getByRole('option', { name: /tenant\.id=globex/ }).waitFor()
    await page.keyboard.press('Tab')
    await page.getByText('1 trace', { exact: true }).waitFor()
    expect(await asked(page, 'q')).toBe('tenant.id=globex')
    await page.getByLabel('Query').fill('name~(')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').waitFor()
  })
})

describe('the query box', () => {
  it('completes the text as it is now, while what it was before is still proposed', async () => {
    feed(order(1))
    const { page } = await open()
    await rows(page).first().waitFor()
    // No answer but the first comes.
    await page.route(/\/keys\?.*prefix=tena/, () => {})
    const box = page.getByLabel('Query')
    await box.pressSequentially('ten')
    await page.getByRole('option', { name: /tenant\.id=/ }).waitFor()
    await box.pressSequentially('ant.i')
    await page.keyboard.press('Tab')
    await eventually(() => box.inputValue(), 'tenant.id=')
  })

  it('keeps what is typed while the page still follows another query', async () => {
    feed([...order(1), ...order(2)])
    const { page } = await open()
    await page.getByText('2 traces', { exact: true }).waitFor()
    // Within one frame.
    await page.evaluate(`(async () => {
      const tenants = document.querySelector('[aria-label="Filter by tenant"]')
      tenants.value = 'acme'
      tenants.dispatchEvent(new Event('change', { bubbles: true }))
      await new Promise((done) => setTimeout(done))
      const box = document.querySelector('[aria-label="Query"]')
      box.focus()
      box.value = 'tenant=globex'
      box.dispatchEvent(new InputEvent('input', { bubbles: true }))
    })()`)
    await page.getByText('1 of 2 traces').waitFor()
    await page.keyboard.press('Enter')
    await rows(page).filter({ hasText: 'POST /orders/1' }).waitFor()
    expect(await asked(page, 'q')).toBe('tenant=globex')
  })
})

describe('one trace', () => {
  it('is reached, walked and left by keys alone', async () => {
    feed(order(1, { error: 'card refused' }))
    const { page, faults } = await open()
    await rows(page).first().waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.getByRole('tree').waitFor()
    await page.keyboard.press('e')
    await page.locator('.panel').getByText('card refused').waitFor()
    expect(await asked(page, 'span')).toBe(spanId(12))
    await page.keyboard.press('ArrowLeft')
    await eventually(() => asked(page, 'span'), spanId(10))
    await page.keyboard.press('ArrowLeft')
    await eventually(() => page.getByRole('treeitem').count(), 1)
    await page.keyboard.press('ArrowRight')
    await eventually(() => page.getByRole('treeitem').count(), 3)
    await page.keyboard.press('5')
    await page.getByText('resourceSpans').waitFor()
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keys' }).waitFor()
    await keepPicture(page, 'keys')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog', { name: 'Keys' }).waitFor({ state: 'hidden' })
    expect(await asked(page, 'tab')).toBe('json')
    await page.keyboard.press('1')
    await page.getByRole('tree').waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await rows(page).first().waitFor()
    expect(faults).toEqual([])
  })

  it('opens at the span that a link names, and finds text in attributes', async () => {
    feed(order(1, { attributes: { 'card.brand': 'visa' } }))
    const { page } = await open(`/traces/${traceId(1)}?span=${spanId(11)}`)
    await page.locator('.panel h2').getByText('SELECT items').waitFor()
    await page.getByLabel('Find in this trace').fill('VISA')
    await page.keyboard.press('Enter')
    await page.locator('.panel h2').getByText('charge').waitFor()
    await eventually(() => page.locator('.span-row.found').count(), 1)
  })

  it('grows while it is open', async () => {
    const [first, ...later] = order(1)
    feed(first ? [first] : [])
    const { page } = await open(`/traces/${traceId(1)}`)
    await page.getByRole('treeitem').first().waitFor()
    feed(later)
    await page.getByRole('treeitem', { name: /charge/ }).waitFor()
  })

  it('holds but the rows in sight of 10,000 spans', async () => {
    const many = Array.from({ length: 10_000 }, (_, index) => ({
      id: index + 1,
      ...(index === 0 ? { took: 10_000 } : { parent: 1, at: index }),
    }))
    feed(many)
    const { page, faults } = await open(`/traces/${traceId(1)}`)
    await page.getByRole('treeitem').first().waitFor()
    expect(await page.getByRole('treeitem').count()).toBeLessThan(80)
    await page.evaluate("document.querySelector('.waterfall .window-list').scrollTop = 1e7")
    await page.getByRole('treeitem', { name: /span 10000,/ }).waitFor()
    expect(await page.getByRole('treeitem').count()).toBeLessThan(80)
    expect(faults).toEqual([])
  })
})

describe('light and dark', () => {
  it("follows the system, then the reader's choice, also after a reload", async () => {
    const theme = 'document.documentElement.dataset.theme'
    const { page } = await open('/', { dark: true })
    expect(await page.evaluate(theme)).toBe('dark')
    await page.getByRole('button', { name: 'Light or dark theme' }).click()
    await eventually(() => page.evaluate(theme), 'light')
    await page.reload()
    expect(await page.evaluate(theme)).toBe('light')
  })
})
