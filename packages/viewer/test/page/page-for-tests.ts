import { afterAll, afterEach, beforeAll, beforeEach, expect, jest } from '@jest/globals'
import type { Browser, Locator, Page } from 'playwright-core'
import { startViewer } from '../../src/public/start-viewer.ts'
import type { Viewer, ViewerOptions } from '../../src/public/viewer-options.ts'
import { otlpJson, type TestSpan } from '../spans.ts'
import { buildAll } from './built-page.ts'
import { type OpenPage, openBrowser, openPage } from './open-page.ts'

/** A browser, and for each test a viewer of its own. */
export interface PageForTests {
  readonly url: string
  feed(spans: readonly TestSpan[]): void
  open(path?: string, how?: Parameters<typeof openPage>[2]): Promise<OpenPage>
}

/** Starts and ends both around the tests of the file. */
export function pageForTests(options: ViewerOptions = {}): PageForTests {
  // A busy machine takes its time; nothing here waits for a time of its own.
  jest.setTimeout(180_000)
  let viewer: Viewer
  let browser: Browser
  beforeAll(async () => {
    await buildAll()
    browser = await openBrowser()
  }, 180_000)
  afterAll(() => browser?.close())
  beforeEach(async () => {
    viewer = await startViewer({ port: 0, ...options })
  })
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()))
    await viewer.close()
  })
  return {
    get url() {
      return viewer.url
    },
    feed: (spans) => viewer.importJson(JSON.stringify(otlpJson(spans))),
    open: (path = '/', how) => openPage(browser, viewer.url + path, how),
  }
}

/** The rows of the list of traces. */
export function rows(page: Page): Locator {
  return page.locator('.trace-table a.row')
}

/** Waits until what is read equals what is expected; says the difference, or why it cannot be read, when it never does. */
export async function eventually(read: () => unknown, expected: unknown): Promise<void> {
  const deadline = Date.now() + 60_000
  for (;;) {
    try {
      expect(await read()).toEqual(expected)
      return
    } catch (error) {
      if (Date.now() > deadline) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
}

/** A parameter of the address that the page shows now. */
export function asked(page: Page, name: string): Promise<unknown> {
  return page.evaluate(`new URLSearchParams(location.search).get(${JSON.stringify(name)})`)
}
