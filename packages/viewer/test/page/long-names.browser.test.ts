import { describe, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { BASE, spanId, type TestSpan, traceId } from '../spans.ts'
import { asked, eventually, pageForTests } from './page-for-tests.ts'
import { sendLogs } from './send-logs.ts'

const viewer = pageForTests({
  traceLinks: {
    'A backend with a rather long name indeed': 'https://jaeger.example/trace/{traceId}',
  },
})
const { feed, open } = viewer

const service = (number: number) =>
  `payments-reconciliation-worker-eu-central-1-blue-canary-${number}`
const name =
  'GET /api/v2/organisations/:organisationId/warehouses/:warehouseId/reservations/history'
const identity = {
  'tenant.id': 'a-tenant-with-a-very-long-name-indeed-gmbh-and-co-kg',
  'user.id': 'ada.lovelace.of.the.analytical.engine@example.com',
}

/** A chain of calls through 40 services. */
const chain = Array.from({ length: 40 }, (_, index): TestSpan => {
  const id = index + 1
  const within = { at: index, took: 100 - 2 * index }
  const parent = index === 0 ? {} : { parent: index }
  return {
    id,
    ...parent,
    service: service(id),
    name,
    kind: 'server',
    attributes: identity,
    ...within,
  }
})

/** What can be pressed but lies outside of the page, in part or whole; lists and maps are scrolled. */
function outside(page: Page): Promise<unknown> {
  return page.evaluate(`
    [...document.querySelectorAll('header, .toolbar, .chips, .tools, .panel, .map-side')]
      .flatMap((box) => [box, ...box.querySelectorAll('a, button, summary, select, input')])
      .filter((each) => each.checkVisibility() && !each.closest('details:not([open]) > div'))
      .filter((each) => {
        const { left, right } = each.getBoundingClientRect()
        const isWide = each.matches('.panel, .map-side') && each.scrollWidth > each.clientWidth
        return left < 0 || right > innerWidth || isWide
      })
      .map((each) => each.getAttribute('aria-label') ?? each.className + ' ' + each.textContent)
  `)
}

describe('with long names and many services, 1024 pixels wide', () => {
  it.each([
    ['/traces', 'a.row'],
    [`/traces/${traceId(1)}?span=${spanId(3)}`, '.panel .figures'],
    [`/traces/${traceId(1)}?tab=map`, '.node'],
    ['/operations', '.operations .row'],
    ['/map', '.map-side td'],
    [`/map?node=service:${service(2)}`, '.map-side .pairs'],
    ['/logs', '.table .row'],
    ['/receiver', 'main td'],
  ])('nothing runs out of the page on %s', async (path, ready) => {
    feed(chain)
    await sendLogs(viewer.url, [{ body: name.repeat(9), time: BASE, severity: 9 }])
    const { page, faults } = await open(path, { width: 1024 })
    await page.locator(ready).first().waitFor()
    await page.keyboard.press('j')
    if (path === '/logs') {
      await page.keyboard.press('Enter')
      await page.getByRole('complementary', { name: 'Log line' }).waitFor()
    }
    await eventually(() => outside(page), [])
    expect(faults).toEqual([])
  })

  it('a large map begins at the first caller', async () => {
    const wide = chain.map((span) => (span.id === 1 ? span : { ...span, parent: 1 }))
    feed(wide)
    const { page } = await open('/map', { width: 1024 })
    const first = page.locator(`.node[data-key="service:${service(1)}"]`)
    await first.waitFor()
    await eventually(async () => {
      const box = await first.boundingBox()
      return box !== null && box.y > 48 && box.y + box.height < 850
    }, true)
  })
})

describe('where nothing matches', () => {
  it.each([
    ['/operations', 'No operations match', 'Show all operations', '.operations .row'],
    ['/map', 'No calls match', 'Show the whole map', '.node'],
    ['/logs', 'No log lines match', 'Show all lines', '.table .row'],
  ])('%s says so, and leads out of it', async (path, title, way, ready) => {
    feed(chain.slice(0, 2))
    await sendLogs(viewer.url, [{ body: 'ordered', time: BASE, severity: 9 }])
    const { page } = await open(`${path}?q=service%3Dnone&from=1`)
    await page.getByRole('heading', { name: title }).waitFor()
    await page.getByRole('button', { name: way }).click()
    await page.locator(ready).first().waitFor()
    expect([await asked(page, 'q'), await asked(page, 'from')]).toEqual([null, null])
  })

  it.each(['/operations', '/map'])(
    '%s shows how to send, when nothing was received',
    async (path) => {
      const { page } = await open(path)
      await page.getByRole('link', { name: 'How to send traces' }).click()
      await page.getByRole('heading', { name: 'Send traces here' }).waitFor()
      await page.getByText(/^Nothing received yet/).waitFor()
      expect(await page.getByText(/0 s ago/).count()).toBe(0)
    },
  )
})
