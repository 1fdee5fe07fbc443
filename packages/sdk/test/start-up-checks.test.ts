import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { selfSigned } from '../../testing/src/client/self-signed.ts'
import { VERSION } from '../src/config/version.ts'
import { startTracing } from '../src/index.ts'
import { said, start } from './tracing-session.ts'

let folder = ''
const files: Record<string, string> = {}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'callchain-pem-'))
  const write = (name: string, text: string): void => {
    files[name] = join(folder, name)
    writeFileSync(join(folder, name), text)
  }
  for (const name of ['one', 'other']) {
    const { key, cert } = selfSigned()
    write(`${name}.key`, key)
    write(`${name}.crt`, cert)
  }
  write('text', 'certificate, honest')
  write('cut', readFileSync(join(folder, 'one.crt'), 'utf8').slice(0, 300))
  write(
    'bundle',
    ['one.crt', 'other.crt'].map((name) => readFileSync(join(folder, name), 'utf8')).join('\n'),
  )
  write(
    'broken bundle',
    `${readFileSync(join(folder, 'one.crt'), 'utf8')}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`,
  )
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function startWithFiles(variables: Record<string, string>): void {
  const named = Object.entries(variables).map(([name, file]) => [
    `OTEL_EXPORTER_OTLP_${name}`,
    files[file] ?? file,
  ])
  start({ serviceName: 'a', logs: 'otlp' }, Object.fromEntries(named))
}

describe('a file of certificates', () => {
  it.each([
    ['CERTIFICATE', 'text', 'certificates'],
    ['CERTIFICATE', 'cut', 'certificates'],
    ['CERTIFICATE', 'broken bundle', 'certificates'],
    ['CERTIFICATE', 'one.key', 'certificates'],
    ['CLIENT_CERTIFICATE', 'text', 'certificates'],
    ['CLIENT_KEY', 'text', 'a private key without a passphrase'],
    ['CLIENT_KEY', 'one.crt', 'a private key without a passphrase'],
  ])('%s, that is none (%s), is told of at start-up, once, on one line', (name, file, what) => {
    startWithFiles({ [name]: file })
    expect(said()).toEqual([
      expect.stringMatching(
        new RegExp(
          `^callchain: OTEL_EXPORTER_OTLP_${name}=".*" is not a PEM file with ${what} \\(.+\\); using none\\n$`,
        ),
      ),
    ])
  })

  it.each([
    [{ CLIENT_CERTIFICATE: 'one.crt', CLIENT_KEY: 'other.key' }, /cannot be used together/],
    [{ CLIENT_CERTIFICATE: 'one.crt' }, /cannot be used together \(one is missing\)/],
  ])('that does not fit its key is told of: %j', (variables, expected) => {
    startWithFiles(variables)
    expect(said()).toEqual([expect.stringMatching(expected)])
  })

  it.each([
    { CERTIFICATE: 'bundle' },
    { CERTIFICATE: 'one.crt', CLIENT_CERTIFICATE: 'one.crt', CLIENT_KEY: 'one.key' },
  ])('that is one is taken: %j', (variables) => {
    startWithFiles(variables)
    expect(said()).toEqual([])
  })
})

describe('a header for the collector', () => {
  it.each([
    ['api%20key=s3cret', 'the header "api key" is not a valid HTTP header name'],
    [
      'api-key=s3%0Acret',
      'the header "api-key" is set to a value with characters that HTTP does not allow',
    ],
    [
      'api-key=s3cr€t',
      'the header "api-key" is set to a value with characters that HTTP does not allow',
    ],
  ])('that cannot be sent is left out of the variable: %s', (value, fault) => {
    start({ serviceName: 'a' }, { OTEL_EXPORTER_OTLP_HEADERS: `good=1,${value}` })
    expect(said()).toEqual([`callchain: OTEL_EXPORTER_OTLP_HEADERS: ${fault}; ignoring it\n`])
  })

  it.each([{ 'api key': 's3cret' }, { 'api-key': 's3\ncret' }, { '': 's3cret' }])(
    'that cannot be sent is refused as an option: %j',
    (headers) => {
      const call = () => startTracing({ serviceName: 'a', headers })
      expect(call).toThrow(TypeError)
      expect(call).toThrow(/^callchain: the header ".*" of startTracing\(\) is (not|set) [^\n]*$/)
      expect(call).not.toThrow(/s3/)
    },
  )
})

describe('a resource attribute', () => {
  it.each([
    [{ a: {} }],
    [{ a: Promise.resolve('x') }],
    [{ a: 1n }],
    [{ a: [[]] }],
    [{ a: () => 1 }],
  ])('that no collector takes is refused: %o', (resourceAttributes) => {
    const call = (): unknown =>
      Reflect.apply(startTracing, undefined, [{ serviceName: 'a', resourceAttributes }])
    expect(call).toThrow(/^callchain: resourceAttributes\["a"\] of startTracing\(\) cannot be /)
  })

  it('that is not there is passed by', () => {
    start({ serviceName: 'a', exporter: 'none', resourceAttributes: { a: undefined, b: ['x'] } })
    expect(said()).toEqual([])
  })
})

describe('the version that requests carry', () => {
  it('is that of the package', () => {
    const manifest = JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8'))
    expect(VERSION).toBe(manifest.version)
  })
})
