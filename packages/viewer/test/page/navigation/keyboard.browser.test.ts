import { describe, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { BASE, spanId, traceId } from '../../spans.ts'
import { asked, eventually, pageForTests } from '../page-for-tests.ts'
import { sendLogs } from '../send-logs.ts'
import { shop } from '../shop-spans.ts'

const viewer = pageForTests()
const { feed, open } = viewer

/** The words of what has the focus; '' when nothing has it, or nobody could see it. */
function focused(page: Page): Promise<unknown> {
  return page.evaluate(`{
    const it = document.activeElement
    const frames = [it, it.closest('.row'), it.querySelector('rect')].filter((each) => each)
    const hasFrame = frames.map((each) => getComputedStyle(each)).some(
      ({ outlineStyle, strokeWidth }) => outlineStyle !== 'none' || parseFloat(strokeWidth) > 2,
    )
    const isSeen = it.matches(':focus-visible') && hasFrame && getComputedStyle(it).opacity === '1';
    it === document.body || !isSeen
      ? ''
      : it.dataset.key?.split('\\n').join(' ') ?? it.textContent
  }`)
}

async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key)
}

/** Presses a key, and waits until the focus is there. */
async function to(page: Page, key: string, wanted: string): Promise<void> {
  await press(page, key)
  await eventually(() => focused(page), wanted)
}

describe('on Operations, keys alone', () => {
  it('walk the rows, and open the traces of one, slowest first, in the range of time that is shown', async () => {
    feed(shop)
    const { page, faults } = await open('/operations?from=1')
    await page.locator('.operations .row').first().waitFor()
    await to(page, 'j', 'gateway POST /orders server')
    await to(page, 'ArrowDown', 'gateway POST client')
    await to(page, 'k', 'gateway POST /orders server')
    await to(page, 'End', 'orders SELECT items client')
    await to(page, 'ArrowUp', 'orders POST /save server')
    await to(page, 'Home', 'gateway POST /orders server')
    await to(page, 'j', 'gateway POST client')
    await press(page, 'Enter')
    await page.getByRole('heading', { name: 'Traces', level: 1 }).waitFor()
    expect(await asked(page, 'sort')).toBe('duration')
    expect(await asked(page, 'from')).toBe('1')
    expect(await asked(page, 'q')).toContain('gateway')
    expect(faults).toEqual([])
  })

  it('reach the slowest span with Tab, and skip the other rows', async () => {
    feed(shop)
    const { page } = await open('/operations')
    await page.locator('.operations .row').first().waitFor()
    await to(page, 'End', 'orders SELECT items client')
    await to(page, 'Tab', '30.0 ms')
    await press(page, 'Enter')
    await page.getByRole('heading', { name: 'POST /orders' }).waitFor()
    expect(await asked(page, 'span')).toBe(spanId(4))
    await page.goBack()
    await page.locator('.operations .row').first().waitFor()
    await to(page, 'j', 'gateway POST /orders server')
    await to(page, 'Tab', '100 ms')
    await press(page, 'Tab')
    expect(await focused(page)).not.toContain('client')
  })

  it('go on with Tab at once, before the next frame is drawn', async () => {
    feed(shop)
    const { page } = await open('/operations')
    await page.locator('.operations .row').first().waitFor()
    await page.evaluate(`{
      window.waiting = []
      window.requestAnimationFrame = (call) => waiting.push(call)
    }`)
    await to(page, 'End', 'orders SELECT items client')
    await to(page, 'Tab', '30.0 ms')
    await page.evaluate('for (const call of waiting) call(performance.now())')
    expect(await focused(page)).toBe('30.0 ms')
  })
})

describe('on Logs, keys alone', () => {
  const lines = ['ordered', 'stock low', 'refused'].map((body, index) => ({
    body,
    time: BASE + index,
    severity: 9,
    ...(index === 1 ? { trace: traceId(1), span: spanId(3) } : {}),
  }))

  it('walk the lines, open the fields of one, and close them where they were', async () => {
    await sendLogs(viewer.url, lines)
    const { page, faults } = await open('/logs')
    const row = (body: string) => page.locator('.row.active').getByText(body, { exact: true })
    const panel = page.getByRole('complementary', { name: 'Log line' })
    await page.getByText('stock low', { exact: true }).waitFor()
    await press(page, 'j')
    await row('refused').waitFor()
    await press(page, 'Enter')
    await panel.getByText('refused', { exact: true }).waitFor()
    await press(page, 'j')
    await panel.getByText('stock low', { exact: true }).waitFor()
    await press(page, 'End')
    await panel.getByText('ordered', { exact: true }).waitFor()
    await press(page, 'Escape')
    await panel.waitFor({ state: 'detached' })
    await eventually(async () => (await focused(page)) !== '', true)
    await press(page, 'k')
    await row('stock low').waitFor()
    expect(await panel.count()).toBe(0)
    expect(faults).toEqual([])
  })

  it('lead from a line to its span with t, and without a line to the list of traces', async () => {
    feed(shop)
    await sendLogs(viewer.url, lines)
    const { page } = await open('/logs')
    await page.getByText('stock low', { exact: true }).waitFor()
    await press(page, 'Home', 'j')
    await page.locator('.row.active').getByText('stock low', { exact: true }).waitFor()
    await press(page, 't')
    await page.getByRole('heading', { name: 'POST /orders' }).waitFor()
    expect(await asked(page, 'span')).toBe(spanId(3))
    await press(page, 'l')
    await page.getByText('stock low', { exact: true }).waitFor()
    await press(page, 't')
    await page.getByRole('heading', { name: 'Traces', level: 1 }).waitFor()
  })

  it('do the same in the Logs of a trace', async () => {
    feed(shop)
    await sendLogs(viewer.url, lines)
    const { page } = await open(`/traces/${traceId(1)}`)
    await page.getByRole('heading', { name: 'POST /orders' }).waitFor()
    await press(page, '3')
    await page.getByText('stock low', { exact: true }).waitFor()
    await press(page, 'j', 'Enter')
    const panel = page.getByRole('complementary', { name: 'Log line' })
    await panel.waitFor()
    await press(page, 'Escape')
    await panel.waitFor({ state: 'detached' })
    expect(await asked(page, 'tab')).toBe('logs')
    await press(page, 't')
    await page.locator('.span-row.chosen').getByText('POST /save').waitFor()
  })
})

describe('on the Map, keys alone', () => {
  const call = 'service:gateway → service:orders'

  it('go where the arrows point, choose a node and a call, and let go', async () => {
    feed(shop)
    const { page, faults } = await open('/map')
    await page.locator('.node').first().waitFor()
    await to(page, 'ArrowRight', 'service:gateway')
    await to(page, 'ArrowRight', call)
    await press(page, 'Enter')
    await page.getByRole('complementary', { name: 'gateway → orders' }).waitFor()
    await to(page, 'ArrowRight', 'service:orders')
    await press(page, ' ')
    await page.getByRole('complementary', { name: 'orders', exact: true }).waitFor()
    await to(page, 'ArrowLeft', call)
    await press(page, 'Escape')
    await page.getByRole('complementary', { name: 'Calls' }).waitFor()
    await to(page, 'Home', 'service:gateway')
    await to(page, 'j', call)
    await to(page, 'k', 'service:gateway')
    await to(page, 'End', 'database:postgresql/shop')
    expect(faults).toEqual([])
  })

  it('show what is faint because something else is chosen, once it has the focus', async () => {
    feed(shop)
    const { page } = await open('/map?node=service:gateway')
    await page.locator('.node').first().waitFor()
    await to(page, 'End', 'database:postgresql/shop')
  })

  it('reach the table after the drawing, and go on in the drawing from a call that is chosen there', async () => {
    feed(shop)
    const { page } = await open('/map')
    await page.locator('.node').first().waitFor()
    await to(page, 'Home', 'service:gateway')
    await press(page, 'Tab')
    const first = await page.locator('.map-side .link').first().textContent()
    await eventually(() => focused(page), first)
    await press(page, 'Enter')
    await page.getByRole('complementary', { name: String(first) }).waitFor()
    await eventually(() => page.locator('.edge-words.chosen:focus-visible').count(), 1)
    await to(page, 'Tab', 'Focus')
  })
})

describe('p', () => {
  it.each(['/traces', '/operations', '/map', '/logs'])(
    'lets %s stand still, and go on',
    async (path) => {
      feed(shop)
      await sendLogs(viewer.url, [{ body: 'ordered', time: BASE, severity: 9 }])
      const { page } = await open(path)
      const state = (words: string) => page.locator('.vitals').getByText(words, { exact: true })
      await state('Live').waitFor()
      await press(page, 'p')
      await state('Paused').waitFor()
      await page.getByRole('button', { name: 'Resume', pressed: true }).waitFor()
      await press(page, 'p')
      await state('Live').waitFor()
    },
  )
})

describe('on the Receiver, keys alone', () => {
  it('scroll', async () => {
    feed(Array.from({ length: 60 }, (_, index) => ({ id: index + 1, service: `service-${index}` })))
    const { page } = await open('/receiver')
    await page.getByRole('heading', { name: 'Kept in memory' }).waitFor()
    const top = () => page.locator('main').evaluate((main) => main.scrollTop)
    await press(page, 'j')
    await eventually(async () => (await top()) > 0, true)
    await press(page, 'Home')
    await eventually(top, 0)
    await press(page, 'End')
    await page.getByText(/^callchain \d/).waitFor()
    await eventually(async () => (await top()) > 200, true)
  })
})

describe('the sheet of keys', () => {
  it('says what the keys do on each screen', async () => {
    const { page } = await open('/receiver')
    await page.getByRole('heading', { name: 'Receiver', level: 1 }).waitFor()
    await press(page, '?')
    const sheet = page.getByRole('dialog', { name: 'Keys' })
    await sheet.waitFor()
    const groups = await sheet.getByRole('heading', { level: 3 }).allTextContents()
    expect(groups).toEqual([
      'Everywhere',
      'Traces',
      'Trace',
      'Operations',
      'Map',
      'Logs',
      'Receiver',
      'Queries',
    ])
    const logs = sheet.getByRole('region', { name: 'Logs' })
    for (const key of ['Enter', 't', 'j', 'k', '↓', '↑', 'Home', 'End'])
      await logs.locator('kbd').getByText(key, { exact: true }).waitFor()
    await press(page, 'Escape')
    await sheet.waitFor({ state: 'hidden' })
  })
})
