import { describe, expect, it } from '@jest/globals'
import { MALFORMED } from '../../malformed-families.ts'
import { type TestSpan, traceId } from '../../spans.ts'
import { eventually, pageForTests, rows } from '../page-for-tests.ts'

const FAMILIES = Object.values(MALFORMED)
const SPANS: TestSpan[] = FAMILIES.flatMap((spans, at) =>
  spans.map((span) => ({ ...span, trace: at + 1 })),
)

describe('Malformed families of spans', () => {
  const viewer = pageForTests()

  it('are all in the list, next to well-formed traces', async () => {
    viewer.feed([...SPANS, { trace: 99, id: 1, name: 'sound', at: 50 }])
    const { page, faults } = await viewer.open('/')
    await rows(page).filter({ hasText: 'sound' }).waitFor()
    await eventually(() => rows(page).count(), FAMILIES.length + 1)
    expect(faults).toEqual([])
  })

  it.each(Object.entries(MALFORMED))('are shown whole: %s', async (_, spans) => {
    viewer.feed(spans)
    const { page, faults } = await viewer.open(`/traces/${traceId(1)}`)
    const count = new Set(spans.map(({ id }) => id)).size
    const words = count === 1 ? '1 span' : `${count} spans`
    await page.locator('.facts').getByText(words, { exact: true }).waitFor()
    expect(faults).toEqual([])
  })

  it('say where a circle begins', async () => {
    viewer.feed([{ id: 1, parent: 1, name: 'turns round' }])
    const { page } = await viewer.open(`/traces/${traceId(1)}`)
    await page.locator('.waterfall .tag.warn').filter({ hasText: 'circular' }).waitFor()
  })
})
