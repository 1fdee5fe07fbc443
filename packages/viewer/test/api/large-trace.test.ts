import { beforeAll, describe, expect, it } from '@jest/globals'
import { ask, sendSpans, viewerForTests } from '../request.ts'
import { spanId, type TestSpan, traceId } from '../spans.ts'

const viewer = viewerForTests()
const path = `/api/local/traces/${traceId(1)}`

const statement: TestSpan = {
  id: 3,
  parent: 2,
  kind: 'client',
  attributes: { 'db.system.name': 'postgresql', 'db.query.text': 'SELECT 1' },
  links: [{ trace: 1, span: 1 }],
}
const failed: TestSpan = {
  id: 2,
  parent: 1,
  took: 5,
  attributes: { 'card.brand': 'Visa' },
  events: [{ name: 'exception', at: 2, attributes: { 'exception.message': 'refused' } }],
}

beforeAll(async () => {
  await sendSpans(viewer.url, [{ id: 1, took: 9 }, failed, statement])
})

describe('a trace with more spans than the caller wants whole', () => {
  it('says of each what the waterfall shows, and no more', async () => {
    const { json } = await ask(`${viewer.url}${path}?brief=2`)
    const whole = (await ask(viewer.url + path)).json
    expect(json.brief).toBe(true)
    expect(json.trace).toEqual(whole.trace)
    expect(json.statements).toEqual(whole.statements)
    expect(json.spans[1].events).toEqual([{ name: 'exception', offset: 2 }])
    expect(json.spans[2].sql).toEqual({ group: 0 })
    for (const [index, span] of json.spans.entries()) {
      expect(span).not.toHaveProperty('attributes')
      expect(span).not.toHaveProperty('links')
      const { attributes, links, linkedFrom, events, sql, summary, ...rest } = whole.spans[index]
      expect(span).toMatchObject(rest)
    }
  })

  it('comes whole when it has as many as that, or when nobody asks', async () => {
    for (const query of ['?brief=3', '']) {
      const { json } = await ask(`${viewer.url}${path}${query}`)
      expect(json).not.toHaveProperty('brief')
      expect(json.spans[1].attributes).toEqual({ 'card.brand': 'Visa' })
    }
  })

  it('gives the rest of one span when it is asked for', async () => {
    const whole = (await ask(viewer.url + path)).json
    const { json } = await ask(`${viewer.url}${path}/spans/${spanId(3)}`)
    const { attributes, links, sql, summary } = whole.spans[2]
    expect(json).toEqual({
      attributes,
      links,
      summary,
      sql: { system: sql.system, text: sql.text },
    })
    expect((await ask(`${viewer.url}${path}/spans/${spanId(9)}`)).status).toBe(404)
  })

  it.each([
    ['visa', [2]],
    ['REFUSED', [2]],
    ['select', [3]],
    ['nowhere', []],
  ])('is searched for %s', async (text, ids) => {
    const { json } = await ask(`${viewer.url}${path}/spans?text=${text}`)
    expect(json).toEqual({ spans: ids.map(spanId) })
  })
})
