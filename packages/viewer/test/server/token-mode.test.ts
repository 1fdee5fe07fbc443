import { createHash } from 'node:crypto'
import { networkInterfaces } from 'node:os'
import { describe, expect, it } from '@jest/globals'
import { encodeToken, greeting } from '../../src/cli/greeting.ts'
import { readCommand } from '../../src/cli/options.ts'
import { startViewer } from '../../src/public/start-viewer.ts'
import { ask, sendSpans, viewerForTests } from '../request.ts'

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'
const outward = Object.values(networkInterfaces())
  .flatMap((list) => list ?? [])
  .filter(({ internal, family }) => !internal && family === 'IPv4')
  .slice(0, 5)
  .map(({ address }) => address)

describe('A viewer with a token', () => {
  const viewer = viewerForTests({ host: '0.0.0.0', token: 's3cret' })
  const bearer = { authorization: 'Bearer s3cret' }

  it('has an address that this machine can open', async () => {
    expect(viewer.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect((await ask(`${viewer.url}/health`)).json.needsToken).toBe(true)
  })

  it('asks a browser for the token, and leads it to where it wanted to go', async () => {
    const path = `/traces/abc?q=${encodeURIComponent('a="<b>"')}&token=wrong`
    const answer = await ask(viewer.url + path, { headers: { accept: BROWSER } })
    expect(answer.status).toBe(401)
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8')
    expect(answer.text).toContain('<form action="/traces/abc">')
    expect(answer.text).toContain('<input type="hidden" name="q" value="a=&#34;&#60;b&#62;&#34;">')
    expect(answer.text).toContain('This is not the right token')
    expect(answer.text).not.toMatch(/wrong|s3cret|<script/)
  })

  it('allows that page only its own style', async () => {
    const answer = await ask(`${viewer.url}/`, { headers: { accept: BROWSER } })
    const style = /<style>(.*)<\/style>/s.exec(answer.text)?.[1] ?? ''
    const hash = createHash('sha256').update(style).digest('base64')
    expect(answer.headers['content-security-policy']).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
    )
    expect(answer.text).not.toContain('This is not the right token')
  })

  it('asks no program for it with a page', async () => {
    for (const headers of [{}, { accept: 'application/json' }, { accept: '*/*' }]) {
      const answer = await ask(`${viewer.url}/api/local/traces`, { headers })
      expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, 'Bearer'])
      expect(answer.json.error.message).toContain('OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer')
    }
  })

  it('tells on its Receiver where others reach it, and that a sender has no token', async () => {
    expect((await sendSpans(viewer.url, [{ id: 1 }])).status).toBe(401)
    const { json } = await ask(`${viewer.url}/api/local/receiver`, { headers: bearer })
    const { port } = new URL(viewer.url)
    expect(json).toMatchObject({ endpoint: viewer.url, needsToken: true })
    expect(json.otherEndpoints).toEqual(outward.map((address) => `http://${address}:${port}`))
    expect(json.hints).toContainEqual(expect.objectContaining({ code: 'token' }))
  })
})

describe('A viewer of this machine alone', () => {
  const viewer = viewerForTests()

  it('has no other address', async () => {
    const { json } = await ask(`${viewer.url}/api/local/receiver`)
    expect(json).toMatchObject({ endpoint: viewer.url, otherEndpoints: [], needsToken: false })
  })

  it.each(['', 'a b', 'ü', 'a\nb'])('is not started with the token %j', async (token) => {
    await expect(startViewer({ port: 0, token })).rejects.toThrow(/^token must be ASCII letters/)
  })
})

describe('The greeting', () => {
  const said = (isTTY: boolean, ...args: string[]): string[] => {
    const command = readCommand(args)
    if (command.kind !== 'view') throw new Error('no view')
    const text = greeting({ url: 'http://127.0.0.1:5610', port: 5610 }, command.options, { isTTY })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a style is made of
    return text.replaceAll(/\u001b\[\d+m/g, '').split('\n')
  }

  it('names the page and the endpoint', () => {
    expect(said(false)).toEqual([
      'Callchain shows your traces at http://127.0.0.1:5610',
      'Send OTLP over HTTP to the same address: OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:5610',
      'Press Ctrl-C to stop.',
    ])
  })

  it('names the addresses for others, what they need, and who can read', () => {
    const [other = '127.0.0.1'] = outward
    expect(said(true, '--host', '0.0.0.0', '--token', "it's=1")).toEqual([
      'Callchain shows your traces at http://127.0.0.1:5610/?token=it%27s%3D1',
      ...outward.map((each) => `From other machines: http://${each}:5610/?token=it%27s%3D1`),
      'Anyone who has the token and can reach this port can read everything; the connection is not encrypted.',
      'Send OTLP over HTTP to the same address:',
      `  OTEL_EXPORTER_OTLP_ENDPOINT=http://${other}:5610`,
      '  OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%20it%27s%3D1',
      'Press Ctrl-C to stop.',
    ])
  })

  it('writes the token to a terminal only', () => {
    const text = said(false, '--host', '0.0.0.0', '--token', 's3cret').join('\n')
    expect(text).not.toContain('s3cret')
    expect(text).toContain('/?token=<token>\n')
  })

  it('writes a token so that it can be read again, whatever is in it', () => {
    const token = Array.from({ length: 94 }, (_, index) => String.fromCharCode(0x21 + index)).join(
      '',
    )
    expect(encodeToken(token)).toMatch(/^[\w.~%-]+$/)
    expect(decodeURIComponent(encodeToken(token))).toBe(token)
  })
})
