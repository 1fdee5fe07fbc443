import { describe, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { type TestSpan, traceId } from '../../spans.ts'
import { eventually, pageForTests } from '../page-for-tests.ts'

const { feed, open } = pageForTests()

/** A chain whose names grow by a letter each; statements, errors and repeated statements among them. */
const grown = Array.from({ length: 30 }, (_, index): TestSpan => {
  const id = index + 1
  return {
    id,
    ...(index === 0 ? {} : { parent: Math.ceil(index / 2) }),
    service: 'W'.repeat(1 + (index % 24)),
    name: `GET /1111/${'m'.repeat(index)}`,
    at: index,
    took: 100 - index,
    ...(index % 3 === 1 ? { kind: 'client', attributes: { 'db.system.name': 'mysql' } } : {}),
    ...(index % 4 === 1 ? { error: true } : {}),
  }
})

interface Seen {
  readonly name: string
  /** Pixels by which what is drawn reaches into the column of the bars. */
  readonly over: number
  /** Whether the name ends in an ellipsis, and whether it would have had room. */
  readonly isCut: boolean
  readonly hasRoom: boolean
}

function seen(page: Page): Promise<Seen[]> {
  return page.evaluate(`[...document.querySelectorAll('.span-name')].map((row) => {
    const label = row.querySelector('.span-label')
    const end = row.getBoundingClientRect().right
    const isClipped = getComputedStyle(row).overflow === 'hidden'
    const rights = [...row.querySelectorAll(':scope > *, .span-notes > *')].filter((each) => each.checkVisibility())
      .map((each) => each.getBoundingClientRect().right)
    const used = Math.max(...rights)
    return {
      name: label.textContent,
      over: isClipped ? 0 : Math.max(0, used - end),
      isCut: label.scrollWidth > label.clientWidth + 1,
      hasRoom: used + (label.scrollWidth - label.clientWidth) + 24 < end,
    }
  })`)
}

describe.each([1360, 1024, 760])('the names of spans, %s pixels wide', (width) => {
  it('are cut where there is no room, and only there', async () => {
    feed(grown)
    const { page } = await open(`/traces/${traceId(1)}`, { width })
    await page.locator('.span-name').nth(12).waitFor()
    // The rows are filled again once the column of the names has been measured.
    const faults = async () => {
      const rows = await seen(page)
      const over = rows.filter((row) => row.over > 0)
      const cutInVain = rows.filter(({ isCut, hasRoom }) => isCut && hasRoom)
      return { over, cutInVain, ways: new Set(rows.map(({ isCut }) => isCut)).size }
    }
    await eventually(faults, { over: [], cutInVain: [], ways: 2 })
  })
})
