import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, it } from '@jest/globals'
import { commandInProcess } from '../../cli/main-in-process.ts'
import { ask } from '../../request.ts'
import { spanId, type TestSpan, traceId } from '../../spans.ts'
import { keepPicture, openBrowser, openPage } from '../open-page.ts'
import { pageForTests } from '../page-for-tests.ts'

const viewer = pageForTests()
const callchain = commandInProcess()
const folder = mkdtempSync(join(tmpdir(), 'callchain-html-'))
afterAll(() => rmSync(folder, { recursive: true }))

const SENTENCE = 'Failed in inventory: UPDATE shelf (</script><b>no stock)'
const spans: readonly TestSpan[] = [
  { id: 1, service: 'gateway', name: 'POST /orders', kind: 'server', took: 90, error: true },
  {
    ...{ id: 2, parent: 1, service: 'inventory', name: 'UPDATE', kind: 'client', at: 20, took: 30 },
    error: '</script><b>no stock',
    attributes: {
      ...{ 'db.system.name': 'postgresql', 'db.query.text': 'UPDATE shelf SET n = n - 1' },
      'item.id': 'sku-17',
    },
  },
]

it('copies the trace as Markdown', async () => {
  viewer.feed(spans)
  const permissions = ['clipboard-read', 'clipboard-write']
  const { page, faults } = await viewer.open(`/traces/${traceId(1)}`, { permissions })
  await page.getByRole('button', { name: /^Copy this trace as Markdown/ }).click()
  await page.getByText('Copied').waitFor()
  const copied = await page.evaluate('navigator.clipboard.readText()')
  const { text } = await ask(`${viewer.url}/api/local/traces/${traceId(1)}.md`)
  expect(copied).toBe(text)
  expect(faults).toEqual([])
})

it('saves the trace as one file that opens from disk, with the real page and nothing loaded', async () => {
  viewer.feed(spans)
  const { page: served } = await viewer.open(`/traces/${traceId(1)}`)
  const download = served.waitForEvent('download')
  await served.getByRole('link', { name: 'Save as HTML' }).click()
  const file = join(folder, 'trace.html')
  await (await download).saveAs(file)
  const browser = await openBrowser()
  try {
    const { page, faults } = await openPage(browser, 'about:blank')
    const loaded: string[] = []
    page.on('request', (request) => {
      if (!request.url().startsWith('data:')) loaded.push(request.url())
    })
    await page.goto(pathToFileURL(file).href)
    await page.getByRole('link', { name: SENTENCE }).click()
    const panel = page.getByRole('complementary', { name: 'Span' })
    await panel.getByText('sku-17').waitFor()
    await keepPicture(page, 'saved-html')
    await page.keyboard.press('2')
    await page.getByRole('tabpanel').getByText('shelf').first().waitFor()
    await page.keyboard.press('4')
    await page.locator('.node[data-key="service:gateway"]').waitFor()
    await page.keyboard.press('5')
    await page.getByText('resourceSpans').waitFor()
    // Nothing leads out of it.
    await page.keyboard.press('o')
    await page.keyboard.press('1')
    await page.locator(`.span-name`, { hasText: 'POST /orders' }).first().waitFor()
    await page.goBack()
    expect(await page.getByRole('navigation', { name: 'Screens' }).count()).toBe(0)
    expect(loaded).toEqual([pathToFileURL(file).href])
    expect(faults).toEqual([])
  } finally {
    await browser.close()
  }
})

it('gives the same file to the command line, and never as a page of its own address', async () => {
  viewer.feed(spans)
  const answer = await ask(`${viewer.url}/api/local/traces/latest.html`)
  expect(answer.headers['content-disposition']).toBe('attachment; filename="trace-00000000.html"')
  expect(answer.headers['content-security-policy']).toContain("default-src 'none'")
  expect(answer.text).not.toContain('</script><b>')
  expect(answer.text).toContain(spanId(2))
  const port = new URL(viewer.url).port
  const file = join(folder, 'from-command.html')
  const said = await callchain('trace', 'latest', '--html', file, '--port', port)
  expect([said.code, said.error]).toEqual([0, ''])
  expect(said.out).toMatch(/from-command\.html: \d+ kB, to be opened in any browser\.\n$/)
  expect(readFileSync(file, 'utf8')).toContain('<script type="importmap">')
  const refused = await callchain('trace', 'latest', '--html', folder, '--port', port)
  expect([refused.code, refused.error]).toEqual([1, expect.stringContaining('cannot be written')])
})
