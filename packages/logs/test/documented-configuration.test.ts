import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createRecorder } from '@callchain/testing'
import { afterAll, describe, expect, it } from '@jest/globals'
import pino from 'pino'
import { type TraceUrlTemplate, traceUrl } from '../src/index.ts'
import { traceMixin } from '../src/pino.ts'
import { inRequest, TRACE } from './in-request.ts'

const recorder = createRecorder()
const page = readFileSync(join(__dirname, '../../../docs/logs.md'), 'utf8')

afterAll(() => recorder.shutdown())

function found(pattern: RegExp): string {
  return pattern.exec(page)?.[1] ?? ''
}

/** What an address of Grafana's Explore asks for. */
function queryOf(address: string): string {
  const { panes } = Object.fromEntries(new URL(address).searchParams)
  const [pane] = Object.values<{ queries: { expr?: string; query?: string }[] }>(
    JSON.parse(String(panes)),
  )
  return pane?.queries[0]?.expr ?? pane?.queries[0]?.query ?? ''
}

describe('the configuration in docs/logs.md', () => {
  it('finds the trace id in a line of ours with the derived field of Loki', () => {
    let line = ''
    const log = pino({ mixin: traceMixin() }, { write: (text) => (line = text) })
    inRequest('', () => log.info('x'))
    const matcher = new RegExp(found(/matcherRegex: '(.+)'/))
    expect(matcher.exec(line)?.[1]).toBe(TRACE)
  })

  it('asks Tempo for the trace with the template for traceUrl', () => {
    const template = found(/\| Tempo in Grafana \| `(.+)` \|/) as TraceUrlTemplate
    expect(inRequest('', () => queryOf(traceUrl(template) ?? ''))).toBe(TRACE)
  })

  it('asks Loki and Kibana for the lines with the patterns for Jaeger', () => {
    const { linkPatterns } = JSON.parse(found(/```json\n(\{\n[\s\S]+?\n\})\n```/)) as {
      linkPatterns: { url: string }[]
    }
    const [loki, kibana] = linkPatterns.map(({ url }) =>
      url.replace('#{traceID}', TRACE).replace('#{trace.traceID}', TRACE),
    )
    expect(queryOf(loki ?? '')).toBe(`{service_name=~".+"} | json | trace_id = "${TRACE}"`)
    expect(kibana).toContain(`trace.id:"${TRACE}"`)
  })
})
