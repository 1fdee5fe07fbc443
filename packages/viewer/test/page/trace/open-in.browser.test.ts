import { describe, expect, it } from '@jest/globals'
import { traceId } from '../../spans.ts'
import { pageForTests } from '../page-for-tests.ts'

const id = traceId(0xabc)

describe('a trace', () => {
  const { feed, open } = pageForTests({
    traceLinks: { Jaeger: 'https://jaeger.example/trace/{traceId}?uiFind=x' },
  })

  it('can be opened in the configured backend, which does not learn from where', async () => {
    feed([{ trace: 0xabc, id: 1, name: 'POST /orders' }])
    const { page, faults } = await open(`/traces/${id}`)
    await page.getByRole('heading', { name: 'POST /orders' }).waitFor()
    const link = page.getByRole('link', { name: 'Open in Jaeger' })
    await link.waitFor()
    expect(await link.getAttribute('href')).toBe(`https://jaeger.example/trace/${id}?uiFind=x`)
    expect(await link.getAttribute('target')).toBe('_blank')
    expect(await link.getAttribute('rel')).toBe('noreferrer')
    // The backend of the test is not there: its answer is ours.
    await page.context().route('https://jaeger.example/**', async (route) => {
      const referrer = route.request().headers().referer ?? 'none'
      await route.fulfill({ body: `<h1>${referrer}</h1>`, contentType: 'text/html' })
    })
    const [opened] = await Promise.all([page.context().waitForEvent('page'), link.click()])
    await opened.getByRole('heading', { name: 'none' }).waitFor()
    expect(opened.url()).toBe(`https://jaeger.example/trace/${id}?uiFind=x`)
    expect(await page.getByRole('heading', { name: 'POST /orders' }).count()).toBe(1)
    expect(faults).toEqual([])
  })

  it('that is not here can, by its id; what is no id cannot', async () => {
    const { page } = await open(`/traces/${id}`)
    await page.getByRole('heading', { name: 'Trace not found' }).waitFor()
    const link = page.getByRole('link', { name: 'Open in Jaeger' })
    await link.waitFor()
    expect(await link.getAttribute('href')).toBe(`https://jaeger.example/trace/${id}?uiFind=x`)
    await page.goto(new URL('/traces/..%2F..%2Flogout', page.url()).href)
    await page
      .getByRole('heading', { name: /^(Trace not found|The trace cannot be read)$/ })
      .waitFor()
    // The links have come with the page once this one is asked for.
    await page.evaluate(`fetch('/api/local/trace-links').then((answer) => answer.text())`)
    expect(await link.count()).toBe(0)
  })
})

describe('with several backends', () => {
  const { feed, open } = pageForTests({
    traceLinks: {
      Jaeger: 'https://jaeger.example/trace/{traceId}',
      'Grafana Tempo': 'https://grafana.example/explore?q={"trace":"{traceId}"}',
    },
  })

  it('are all in a menu, which keys alone can use', async () => {
    feed([{ trace: 0xabc, id: 1, name: 'POST /orders' }])
    const { page } = await open(`/traces/${id}`)
    const menu = page.getByTitle('Open this trace elsewhere')
    await menu.focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    const link = page.locator('a:focus-visible')
    await link.getByText('Open in Grafana Tempo').waitFor()
    expect(await link.getAttribute('href')).toBe(
      `https://grafana.example/explore?q={"trace":"${id}"}`,
    )
    await page.keyboard.press('Escape')
    await page.getByRole('link', { name: 'Open in Jaeger' }).waitFor({ state: 'hidden' })
  })
})

describe('with none', () => {
  const { feed, open } = pageForTests()

  it('the page offers none', async () => {
    feed([{ trace: 0xabc, id: 1, name: 'POST /orders' }])
    const { page } = await open(`/traces/${id}`)
    await page.getByRole('heading', { name: 'POST /orders' }).waitFor()
    await page.evaluate(`fetch('/api/local/trace-links').then((answer) => answer.text())`)
    expect(await page.getByText('Open in').count()).toBe(0)
  })
})
