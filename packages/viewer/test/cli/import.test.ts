import { gzipSync } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import { ask } from '../request.ts'
import { otlpJson, type TestSpan } from '../spans.ts'
import { commandForTests, type Run, urlOf } from './callchain-command.ts'

const { callchain, write } = commandForTests()

const json = (...spans: TestSpan[]): string => JSON.stringify(otlpJson(spans))
const badId = (text: string): string => text.replace(/"traceId":"\w+"/, '"traceId":"none"')

async function ended(...args: string[]): Promise<[number | null, string]> {
  const run: Run = callchain(['--port', '0', ...args])
  return [await run.ends, run.output()]
}

describe('callchain --import', () => {
  it('says what was imported from each file, what was not, and why', async () => {
    const some = write(
      'some.json',
      badId(json({ id: 1 }, { trace: 2, id: 2 }, { trace: 2, id: 3 })),
    )
    const cut = write(
      'cut.jsonl',
      [json({ trace: 3, id: 1 }), json({ trace: 4, id: 1 }), '{"resourceSp'].join('\n'),
    )
    const marked = write('marked.json', `\uFEFF${json({ trace: 5, id: 1 })}`)
    const run = callchain(['--port', '0', '--import', some, '--import', cut, '--import', marked])
    const url = await urlOf(run)
    expect(run.output()).toContain(
      `${some}: 2 spans and 0 log lines of 1 trace (otlp); 1 span was refused: a trace id is not 16 bytes, or all zero.\n` +
        `${cut}: 2 spans and 0 log lines of 2 traces (otlp); line 3 is not complete JSON and was left out.\n` +
        `${marked}: 1 span and 0 log lines of 1 trace (otlp)\n`,
    )
    expect((await ask(`${url}/api/local/traces`)).json.traces).toHaveLength(4)
  })

  it('names each reason for which spans were refused', async () => {
    const badSpanId = json({ id: 3 }).replace(/"spanId":"\w+"/, '"spanId":"none"')
    const lines = [badId(json({ id: 1 })), badSpanId, badId(json({ id: 2 })), json({ id: 4 })]
    const both = write('both.jsonl', lines.join('\n'))
    const run = callchain(['--port', '0', '--import', both])
    await urlOf(run)
    expect(run.output()).toContain(
      '3 spans were refused: a trace id is not 16 bytes, or all zero; or a span id is not 8 bytes, or all zero.',
    )
  })

  it('unpacks a file of gzip, and says when one is cut off', async () => {
    const packed = gzipSync(json({ id: 1 }))
    const whole = write('packed.json.gz', packed)
    const run = callchain(['--port', '0', '--import', whole])
    await urlOf(run)
    expect(run.output()).toContain(`${whole}: 1 span and 0 log lines of 1 trace (otlp)\n`)
    const cut = write('cut.json.gz', packed.subarray(0, 60))
    expect(await ended('--import', cut)).toEqual([1, `${cut}: unexpected end of file\n`])
  })

  it('fails when nothing in a file could be imported, and says why', async () => {
    const invalid = write('invalid.json', badId(json({ id: 1 })))
    expect(await ended('--import', invalid)).toEqual([
      1,
      `${invalid}: Nothing was imported: 1 span was refused: a trace id is not 16 bytes, or all zero.\n`,
    ])
    const empty = write('empty.json', '{"resourceSpans":[]}')
    expect(await ended('--import', empty)).toEqual([
      1,
      `${empty}: Nothing was imported: the file has no spans and no log lines.\n`,
    ])
    const cut = write('one-cut.json', JSON.stringify(otlpJson([{ id: 1 }]), null, 2).slice(0, 200))
    const [code, output] = await ended('--import', cut)
    expect([code, output.split('\n').length]).toEqual([1, 2])
    expect(output).toContain(`${cut}: This is not JSON: `)
  })

  it('says which file does not exist, or is not a file', async () => {
    const [code, output] = await ended('--import', 'missing.json')
    expect(code).toBe(1)
    expect(output).toMatch(
      /^The file \S+missing\.json does not exist: --import takes a file with OTLP, Jaeger or Zipkin JSON\.\n$/,
    )
    expect(await ended('--import', '.')).toEqual([
      1,
      '. is a folder; --import takes a file with OTLP, Jaeger or Zipkin JSON.\n',
    ])
  })
})
