import { gzipSync } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { otlpJson, spanId, type TestSpan, traceId } from '../spans.ts'
import { asked, eventually, pageForTests, rows } from './page-for-tests.ts'
import { shop } from './shop-spans.ts'

const viewer = pageForTests()
const { feed, open } = viewer

/** Traces that take 1, 2, 3 … ms, spaced by as many seconds. */
function traces(count: number, more: (trace: number) => Partial<TestSpan> = () => ({})): void {
  const all = Array.from({ length: count }, (_, index): TestSpan => {
    const trace = index + 1
    return {
      trace,
      id: trace,
      name: `GET /${trace}`,
      at: trace * 1000,
      took: trace,
      ...more(trace),
    }
  })
  feed(all)
}

const shown = (page: Page) => rows(page).locator('.trace-name b').allTextContents()

describe('the list of traces', () => {
  it('hides an operation, by the pointer and by a key, and shows it again from its chip', async () => {
    traces(3)
    const { page } = await open()
    await eventually(() => shown(page), ['GET /3', 'GET /2', 'GET /1'])
    await rows(page).first().hover()
    await page.getByRole('button', { name: 'Hide GET /3', exact: true }).first().click()
    await eventually(() => shown(page), ['GET /2', 'GET /1'])
    expect(await asked(page, 'q')).toBe('!root.name="GET /3"')
    await page.keyboard.press('j')
    await page.locator('a.row.active').waitFor()
    await page.keyboard.press('x')
    await eventually(() => shown(page), ['GET /1'])
    await page.locator('.chip.hide').getByText('Hide GET /3').click()
    await eventually(() => shown(page), ['GET /3', 'GET /1'])
  })

  it('offers to hide a health check', async () => {
    traces(2, (trace) => (trace === 1 ? { name: 'GET /health' } : {}))
    const { page } = await open()
    await page.locator('.chip.hide').getByText('Hide GET /health').click()
    await eventually(() => shown(page), ['GET /2'])
  })

  it('filters by errors, slow and incomplete ones, and removes the filter again', async () => {
    traces(40, (trace) => ({
      error: trace === 4,
      ...(trace === 5 ? { parent: 999 } : {}),
    }))
    const { page } = await open()
    const matched = (words: string) =>
      page.locator('.matched').getByText(words, { exact: true }).waitFor()
    await matched('40 traces')
    for (const [name, left] of [
      [/^Errors/, '1 of 40 traces'],
      [/^Slow, over/, '2 of 40 traces'],
      [/^Incomplete/, '1 of 40 traces'],
    ] as const) {
      await page.getByRole('button', { name }).click()
      await matched(left)
      await page.getByRole('button', { name, pressed: true }).click()
      await matched('40 traces')
    }
  })

  it('sorts by start, duration, spans and errors, both ways', async () => {
    feed([
      { trace: 1, id: 1, name: 'long', took: 900 },
      { trace: 2, id: 2, name: 'wide', at: 10, took: 5 },
      { trace: 2, id: 3, parent: 2, at: 11 },
      { trace: 2, id: 4, parent: 2, at: 12 },
      { trace: 3, id: 5, name: 'bad', at: 20, took: 9, error: true },
      { trace: 3, id: 6, parent: 5, at: 21 },
    ])
    const { page } = await open()
    const by = (name: string) => page.getByRole('button', { name: `Sort by ${name}` }).click()
    await eventually(() => shown(page), ['bad', 'wide', 'long'])
    await by('Start')
    await eventually(() => shown(page), ['long', 'wide', 'bad'])
    await by('Duration')
    await eventually(() => shown(page), ['long', 'bad', 'wide'])
    await by('Duration')
    await eventually(() => shown(page), ['wide', 'bad', 'long'])
    await by('Spans')
    await eventually(() => shown(page), ['wide', 'bad', 'long'])
    await by('Errors')
    await eventually(async () => (await shown(page))[0], 'bad')
  })

  it('selects times and durations by a drag over the scatter', async () => {
    traces(9)
    const { page } = await open()
    await eventually(async () => (await shown(page)).length, 9)
    const canvas = page.getByLabel('9 traces, duration over time.')
    await canvas.waitFor()
    const box = await canvas.boundingBox()
    if (!box) throw new Error('The scatter has no size')
    await page.mouse.move(box.x + box.width / 2, box.y + 2)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width - 4, box.y + 60, { steps: 4 })
    await page.locator('.selection').waitFor()
    await page.mouse.up()
    await page
      .locator('.matched')
      .getByText(/^\d of 9 traces$/)
      .waitFor()
    const left = await shown(page)
    expect(left).toContain('GET /9')
    expect(left).not.toContain('GET /1')
    expect(Number(await asked(page, 'from'))).toBeGreaterThan(0)
  })

  it('exports what the query matches, shows a range of time, and deletes everything', async () => {
    traces(2)
    const { page } = await open('/?q=root.name%3D%22GET+%2F2%22')
    await eventually(() => shown(page), ['GET /2'])
    await page.getByTitle('More').click()
    const href = await page.getByRole('link', { name: 'Export these traces' }).getAttribute('href')
    const text = await (await page.request.get(viewer.url + href)).text()
    expect(text).toContain('GET /2')
    expect(text).not.toContain('GET /1')
    await page.getByRole('button', { name: 'Clear everything' }).click()
    await page.getByText('Waiting for the first trace').waitFor()
    feed([{ id: 1, name: 'years ago', at: -1e12 }])
    await page.goto(viewer.url)
    await eventually(() => shown(page), ['years ago'])
    await page.getByLabel('Time range').selectOption('Last minute')
    await page.getByText('No traces match').waitFor()
    expect(await asked(page, 'from')).toBe('-60000')
  })

  it.each(['trace.json', 'trace.json.gz'])(
    'opens a file that is dropped on it: %s',
    async (name) => {
      const { page } = await open()
      const text = Buffer.from(JSON.stringify(otlpJson([{ id: 1, name: 'from a file' }])))
      const bytes = [...(name.endsWith('.gz') ? gzipSync(text) : text)]
      await page.getByText('Waiting for the first trace').waitFor()
      await page.evaluate(`{
      const data = new DataTransfer()
      data.items.add(new File([new Uint8Array(${JSON.stringify(bytes)})], '${name}'))
      document.querySelector('.app').dispatchEvent(
        new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }),
      )
    }`)
      await page.getByRole('heading', { name: 'from a file' }).waitFor()
      await page.getByText('1 span read').waitFor()
    },
  )
})

describe('the map', () => {
  it('leads from a call to its traces, and shows what a node touches alone', async () => {
    feed(shop)
    const { page, faults } = await open('/map')
    const node = page.locator('.node')
    await eventually(() => node.count(), 3)
    await page.getByRole('button', { name: /^service:gateway calls service:orders/ }).click()
    await page.getByRole('complementary', { name: 'gateway → orders' }).waitFor()
    await page.getByRole('button', { name: 'Focus' }).click()
    await eventually(() => node.count(), 2)
    await page.reload()
    await eventually(() => node.count(), 2)
    await page.keyboard.press('Escape')
    await eventually(() => node.count(), 3)
    await page.getByRole('button', { name: 'orders → shop' }).click()
    await page.locator('.map-traces a').click()
    await page.getByRole('heading', { name: 'POST /orders' }).waitFor()
    expect(faults).toEqual([])
  })

  it('is a table as well, and finds the traces of a call', async () => {
    feed(shop)
    const { page } = await open('/map')
    await page.getByRole('button', { name: 'gateway → orders' }).click()
    await page.getByRole('link', { name: 'All traces' }).click()
    await page.getByText('1 trace', { exact: true }).waitFor()
    expect(await rows(page).count()).toBe(1)
  })
})

describe('operations', () => {
  it('are sorted by the head that is pressed, and the other way round when it is pressed again', async () => {
    feed(shop)
    const { page } = await open('/operations')
    const order = () => page.locator('.operations .operation-name b').allTextContents()
    const head = (name: string) => page.getByRole('button', { name: `Sort by ${name}` })
    const words = () => page.locator('.operations .sorted').allTextContents()
    const usual = ['POST /orders', 'POST', 'POST /save', 'SELECT items']
    await eventually(order, usual)
    expect([await words(), await asked(page, 'sort')]).toEqual([['Total ↓'], null])
    await head('Total').click()
    await eventually(order, [...usual].reverse())
    expect([await words(), await asked(page, 'order')]).toEqual([['Total ↑'], 'asc'])
    await head('Operation').click()
    await eventually(order, ['POST', 'POST /orders', 'POST /save', 'SELECT items'])
    expect([await words(), await asked(page, 'sort')]).toEqual([['Operation ↓'], 'name'])
    await head('Total').click()
    await eventually(order, usual)
    expect(await asked(page, 'sort')).toBe(null)
  })

  it('lead to the slowest span, and to the traces, with a line of their calls over time', async () => {
    feed(shop)
    const { page } = await open('/operations')
    const row = page.locator('.operations .row').filter({ hasText: 'SELECT items' })
    await row.locator('.sparkline rect').first().waitFor()
    await row.getByTitle('The slowest').click()
    await page.locator('.span-row.chosen').getByText('SELECT items').waitFor()
    await page.goBack()
    await row.getByText('SELECT items').click()
    await page.getByText('1 trace', { exact: true }).waitFor()
  })
})

describe('keys', () => {
  it('lead to every screen, and the sheet names each of them', async () => {
    feed(shop)
    const { page } = await open()
    await rows(page).first().waitFor()
    for (const [key, heading] of [
      ['o', 'Operations'],
      ['m', 'Map'],
      ['l', 'Logs'],
      ['r', 'Receiver'],
      ['t', 'Traces'],
    ] as const) {
      await page.keyboard.press(key)
      await page.getByRole('heading', { name: heading, level: 1 }).waitFor()
    }
    await page.keyboard.press('?')
    const sheet = page.getByRole('dialog', { name: 'Keys' })
    await sheet.waitFor()
    const keys = (await sheet.locator('kbd').allTextContents()).sort()
    const wanted = 't o m l r / d Esc ? j k ↓ ↑ Enter Home End x p ← → [ ] e E n N f c z 1 – 5'
    for (const key of wanted.split(' ')) expect(keys).toContain(key)
  })

  it('walk every control of the list with a focus that is seen', async () => {
    traces(2)
    const { page } = await open()
    await rows(page).first().waitFor()
    const seen = new Set<unknown>()
    for (let step = 0; step < 40; step++) {
      await page.keyboard.press('Tab')
      const focused = await page.evaluate(`{
        const it = document.activeElement
        const { outlineStyle, opacity } = getComputedStyle(it);
        [it.tagName + ' ' + (it.getAttribute('aria-label') ?? it.textContent), outlineStyle !== 'none', opacity !== '0']
      }`)
      const [name, hasOutline, isThere] = focused as [string, boolean, boolean]
      if (name.startsWith('BODY')) break
      expect([name, hasOutline, isThere]).toEqual([name, true, true])
      seen.add(name)
    }
    for (const name of ['INPUT Query', 'SELECT Time range', 'BUTTON Sort by Duration'])
      expect([...seen]).toContain(name)
  })
})

describe('the colours of services', () => {
  it('are the same for two people on every screen, also for a service that came later', async () => {
    feed(shop)
    const first = await open(`/traces/${traceId(1)}?span=${spanId(3)}`)
    await first.page.locator('.span-row').first().waitFor()
    feed([{ trace: 2, id: 9, service: 'late', name: 'later' }])
    const second = await open('/traces')
    await rows(second.page).first().waitFor()
    await first.page.keyboard.press('Escape')
    await first.page.keyboard.press('t')
    await rows(first.page).first().waitFor()
    const colours = (page: Page) =>
      page
        .locator('.services .service')
        .evaluateAll((all) =>
          all.map(
            (each) => `${each.textContent} ${each.querySelector('i')?.getAttribute('style')}`,
          ),
        )
    const colourOf = (each: string) => each.split(' ').slice(1).join(' ')
    const different = async () => {
      const all = await colours(second.page)
      return [new Set(all).size, new Set(all.map(colourOf)).size]
    }
    await eventually(different, [3, 3])
    await eventually(() => colours(first.page), await colours(second.page))
  })
})
