import { networkInterfaces } from 'node:os'
import { describe, expect, it } from '@jest/globals'
import { keepPicture } from './open-page.ts'
import { pageForTests } from './page-for-tests.ts'

const variable = 'OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%20<token>'
const outward = Object.values(networkInterfaces())
  .flatMap((list) => list ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address

describe('A viewer with a token', () => {
  const { feed, open } = pageForTests({ host: '0.0.0.0', token: 's3cret' })

  it('asks for it once, and then shows what was asked for', async () => {
    feed([{ id: 1, name: 'GET /kept' }])
    const { page, faults } = await open('/traces?q=name%3Akept')
    await page.getByRole('heading', { name: 'This viewer needs its token' }).waitFor()
    await keepPicture(page, 'token-page')
    await page.getByLabel('Token').fill('wrong')
    await page.getByRole('button', { name: 'Open' }).click()
    await page.getByRole('alert').getByText('This is not the right token.').waitFor()
    await page.getByLabel('Token').fill('s3cret')
    await page.keyboard.press('Enter')
    await page.getByText('GET /kept').first().waitFor()
    expect(new URL(page.url()).search).toBe('?q=name%3Akept')
    // The answer 401 itself is what the browser notes; nothing is refused by the policy.
    expect(faults.filter((fault) => !fault.includes('401 (Unauthorized)'))).toEqual([])
  })

  it('says on the Receiver what its senders need, and where others send to', async () => {
    const { page, faults } = await open('/receiver?token=s3cret')
    await page.locator('.command').getByText(variable).waitFor()
    await page.getByText('Anyone who has it and can reach this port can read everything').waitFor()
    await page.getByRole('button', { name: 'Any OpenTelemetry SDK' }).click()
    const { port } = new URL(page.url())
    const endpoint = `http://${outward ?? '127.0.0.1'}:${port}`
    await page.locator('pre').getByText(`OTEL_EXPORTER_OTLP_ENDPOINT=${endpoint}\n`).waitFor()
    expect(await page.locator('pre').innerText()).toContain(`\n${variable}\n`)
    if (outward !== undefined) {
      await page.getByText('From other machines:').first().waitFor()
      await page.getByRole('button', { name: `Copy ${endpoint}` }).waitFor()
    }
    await keepPicture(page, 'receiver-with-token')
    expect(faults).toEqual([])
  })

  it('names in its hints the address that the page was opened by', async () => {
    const { page } = await open('/receiver?token=s3cret')
    const address = `http://localhost:${new URL(page.url()).port}`
    await page.goto(`${address}/receiver?token=s3cret`)
    const hints = page.getByRole('region', { name: 'Hints' })
    await hints
      .getByText(`Nothing received yet: set OTEL_EXPORTER_OTLP_ENDPOINT=${address}`, {
        exact: true,
      })
      .waitFor()
    const headers = { authorization: 'Bearer s3cret' }
    await page.request.post(`${address}/v1/spans`, { headers, data: {} })
    await page.reload()
    await hints.getByText(`not an OTLP path: send to ${address}/v1/traces, or set`).waitFor()
  })
})

describe('A file that is dropped', () => {
  const { open } = pageForTests()

  it('is not ignored silently when nothing in it could be imported', async () => {
    const { page } = await open()
    await page.getByText('Waiting for the first trace').waitFor()
    const span = { traceId: 'none', spanId: 'none', name: 'n' }
    const text = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] })
    await page.evaluate(`{
      const data = new DataTransfer()
      data.items.add(new File([${JSON.stringify(text)}], 'invalid.json'))
      data.items.add(new File(['{'], 'cut.json'))
      document.querySelector('.app').dispatchEvent(
        new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }),
      )
    }`)
    const note = page.getByRole('status').filter({ hasText: 'invalid.json' })
    await note.waitFor()
    const said = await note.innerText()
    expect(said).toContain(
      'Nothing was imported. invalid.json: 1 span was refused: a trace id is not',
    )
    expect(said).toContain('cut.json: This is not JSON:')
  })
})
