import { afterEach, describe, expect, it } from '@jest/globals'
import { type CliOptions, HELP, readCommand } from '../../src/cli/options.ts'
import { startViewer } from '../../src/public/start-viewer.ts'
import { checkTraceLinks, readTraceLinks } from '../../src/settings/trace-links.ts'
import { ask, viewerForTests } from '../request.ts'

const JAEGER = 'https://jaeger.example/trace/{traceId}'

describe('links to other backends', () => {
  it.each([
    JAEGER,
    'http://localhost:16686/trace/{traceId}',
    'HTTPS://zipkin.example/zipkin/traces/{traceId}?a=b=c',
    'https://grafana.example/explore?left={"queries":[{"query":"{traceId}"}]}',
    'https://one.example/{traceId}#{traceId}',
  ])('can be %s', (url) => {
    expect(checkTraceLinks({ Team: url })).toEqual([{ name: 'Team', url }])
  })

  it.each([
    '',
    'jaeger.example/{traceId}',
    'https://jaeger.example/trace',
    'https://jaeger.example/trace/{traceid}',
    'javascript:alert("{traceId}")',
    'javascript://x/%0Aalert("{traceId}")',
    'data:text/html,{traceId}',
    'file:///etc/{traceId}',
    'java\nscript:alert("{traceId}")',
    'https://jaeger.example/\n{traceId}',
    'https://{traceId}.example/',
    'https://jaeger.example:{traceId}/',
    'https://{traceId}@jaeger.example/',
    'https:///{traceId}',
    'https://a b/{traceId}',
  ])('cannot be %j, and the error says what can', (url) => {
    const wanted = `traceLinks for Team is an http or https address with {traceId} in it, like ${JAEGER}, not ${JSON.stringify(url)}.`
    expect(() => checkTraceLinks({ Team: url })).toThrow(new TypeError(wanted))
  })

  it.each(['', ' ', 'x'.repeat(41), 'Jaeger\u202e', 'a\nb'])('cannot be called %j', (name) => {
    const wanted = `traceLinks takes link names of 1 to 40 characters, not ${JSON.stringify(name)}.`
    expect(() => checkTraceLinks({ [name]: JAEGER })).toThrow(new TypeError(wanted))
  })

  it('are read as name and address, cut at the first sign of equality', () => {
    const texts = [
      ' Jaeger = https://j.example/{traceId}?a=b',
      'Grafana Tempo=https://g.example/{traceId}',
    ]
    expect(readTraceLinks(texts, '--trace-link')).toEqual({
      Jaeger: 'https://j.example/{traceId}?a=b',
      'Grafana Tempo': 'https://g.example/{traceId}',
    })
  })

  it.each<[string[], string]>([
    [
      ['https://j.example/{traceId}?a=b'],
      '--trace-link is a name and an http or https address with {traceId} in it, like Jaeger=https://jaeger.example/trace/{traceId}, not "https://j.example/{traceId}?a=b".',
    ],
    [['Jaeger'], 'like Jaeger=https://jaeger.example/trace/{traceId}, not "Jaeger".'],
    [['=https://j.example/{traceId}'], 'not "=https://j.example/{traceId}".'],
    [['J=ftp://j.example/{traceId}'], '--trace-link for J is an http or https address'],
    [
      ['J=https://a.example/{traceId}', 'J=https://b.example/{traceId}'],
      '--trace-link names J twice.',
    ],
  ])('of %j are refused', (texts, message) => {
    expect(() => readTraceLinks(texts, '--trace-link')).toThrow(TypeError)
    expect(() => readTraceLinks(texts, '--trace-link')).toThrow(message)
  })

  it('of a viewer are checked before it listens', async () => {
    const started = startViewer({ port: 0, traceLinks: { Jaeger: 'javascript:{traceId}' } })
    await expect(started).rejects.toThrow(
      /^traceLinks for Jaeger is an http or https address with \{traceId\} in it/,
    )
  })
})

describe('the command', () => {
  const { CALLCHAIN_TRACE_LINK: own } = process.env
  afterEach(() => {
    if (own === undefined) delete process.env.CALLCHAIN_TRACE_LINK
    else process.env.CALLCHAIN_TRACE_LINK = own
  })

  const linksOf = (...args: string[]): CliOptions['traceLinks'] | undefined => {
    const command = readCommand(args)
    return 'options' in command ? command.options.traceLinks : undefined
  }

  it('takes the option several times, also before a command to run', () => {
    const args = ['--trace-link', `Jaeger=${JAEGER}`, '--trace-link=Z=http://z.example/{traceId}']
    const links = { Jaeger: JAEGER, Z: 'http://z.example/{traceId}' }
    expect(linksOf(...args)).toEqual(links)
    expect(linksOf('run', ...args, 'node', 'app.js')).toEqual(links)
    expect(HELP).toContain('--trace-link')
  })

  it('takes links from the environment, separated by commas, where the option is not given', () => {
    process.env.CALLCHAIN_TRACE_LINK = `Jaeger=${JAEGER}, Z=http://z.example/{traceId},`
    expect(linksOf()).toEqual({ Jaeger: JAEGER, Z: 'http://z.example/{traceId}' })
    expect(linksOf('--trace-link', 'Other=http://o.example/{traceId}')).toEqual({
      Other: 'http://o.example/{traceId}',
    })
    process.env.CALLCHAIN_TRACE_LINK = ''
    expect(linksOf()).toEqual({})
  })

  it('says which of the two it does not understand, and why', () => {
    expect(() => linksOf('--trace-link', 'J=ftp://j.example/{traceId}')).toThrow(
      new TypeError(
        `--trace-link for J is an http or https address with {traceId} in it, like ${JAEGER}, not "ftp://j.example/{traceId}".`,
      ),
    )
    process.env.CALLCHAIN_TRACE_LINK = 'J=https://j.example/'
    expect(() => linksOf()).toThrow(/^CALLCHAIN_TRACE_LINK for J is an http or https address/)
  })
})

describe('the API', () => {
  const links = { Jaeger: JAEGER, 'Grafana Tempo': 'https://grafana.example/{traceId}' }
  const viewer = viewerForTests({ traceLinks: links })
  const plain = viewerForTests()

  it('gives the links in their order, and none where none is set', async () => {
    const given = await ask(`${viewer.url}/api/local/trace-links`)
    expect(given.json.links).toEqual([
      { name: 'Jaeger', url: JAEGER },
      { name: 'Grafana Tempo', url: 'https://grafana.example/{traceId}' },
    ])
    expect((await ask(`${plain.url}/api/local/trace-links`)).json.links).toEqual([])
  })
})
