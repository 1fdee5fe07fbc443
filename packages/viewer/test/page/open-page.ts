import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'

const pictures = resolve(__dirname, '../../../../test-output/viewer')

/** Starts Chromium as nothing but a test needs it; `CHROMIUM` says where it is. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

/** A page with what went wrong in it. */
export interface OpenPage {
  readonly page: Page
  /** Errors, warnings, and what the Content-Security-Policy has refused. */
  readonly faults: string[]
}

/** Opens a fresh page, with its own storage. */
export async function openPage(
  browser: Browser,
  url: string,
  options: { dark?: boolean; width?: number; permissions?: string[] } = {},
): Promise<OpenPage> {
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1360, height: 850 },
    colorScheme: options.dark ? 'dark' : 'light',
    permissions: options.permissions ?? [],
  })
  // A busy machine may need long for what takes a moment.
  context.setDefaultTimeout(60_000)
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) faults.push(message.text())
  })
  await page.goto(url)
  return { page, faults }
}

/** Keeps a picture of the page among the test's output. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  mkdirSync(pictures, { recursive: true })
  await page.screenshot({ path: join(pictures, `${name}.png`) })
}
