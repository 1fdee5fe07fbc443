import { networkInterfaces } from 'node:os'
import { resolve } from 'node:path'
import { startViewer } from '../../src/public/start-viewer.ts'
import { packageFolder } from '../../src/settings/package-folder.ts'
import { ask, sendSpans, viewerForTests } from '../request.ts'
import { otlpJson } from '../spans.ts'

const JSON_TYPE = { 'content-type': 'application/json' }

describe('The viewer by default', () => {
  const viewer = viewerForTests()

  it('listens on this machine only', async () => {
    const others = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4')
    const { port } = new URL(viewer.url)
    for (const { address } of others)
      await expect(ask(`http://${address}:${port}/health`)).rejects.toThrow(/ECONNREFUSED/)
    expect((await ask(`http://localhost:${port}/health`)).json.name).toBe('callchain')
  })

  it('refuses a Host that is another name, for reading and for sending', async () => {
    for (const host of ['evil.example', 'localhost.evil.example:4318', '127.0.0.1.evil.example'])
      for (const path of ['/', '/api/local/traces', '/api/v3/services'])
        expect((await ask(viewer.url + path, { headers: { host } })).status).toBe(403)
    const headers = { ...JSON_TYPE, host: 'evil.example' }
    const sent = await ask(`${viewer.url}/v1/traces`, { method: 'POST', headers, body: '{}' })
    expect(sent.status).toBe(403)
  })

  it('lets only its own page read, change or delete', async () => {
    const foreign: Record<string, string>[] = [
      { origin: 'http://localhost:3000' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ]
    for (const headers of foreign)
      for (const [method, path] of [
        ['GET', '/api/local/traces'],
        ['GET', '/api/local/stream'],
        ['GET', '/api/v3/services'],
        ['POST', '/api/local/import'],
        ['DELETE', '/api/local/traces'],
      ] as const)
        expect((await ask(viewer.url + path, { method, headers })).status).toBe(403)
    const own = { origin: viewer.url, 'sec-fetch-site': 'same-origin' }
    expect((await ask(`${viewer.url}/api/local/traces`, { headers: own })).status).toBe(200)
  })

  it('lets a browser on this machine send, and no other', async () => {
    const preflight = await ask(`${viewer.url}/v1/traces`, {
      method: 'OPTIONS',
      headers: {
        origin: 'http://localhost:5173',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    })
    expect(preflight.status).toBe(204)
    expect(preflight.headers['access-control-allow-origin']).toBe('http://localhost:5173')
    const body = JSON.stringify(otlpJson([{ id: 1 }]))
    const send = (origin: string) =>
      ask(`${viewer.url}/v1/traces`, { method: 'POST', headers: { ...JSON_TYPE, origin }, body })
    expect((await send('http://127.0.0.1:8080')).status).toBe(200)
    expect((await send('https://evil.example')).status).toBe(403)
    expect((await send('http://localhost.evil.example')).status).toBe(403)
  })

  it('gives the page a strict policy, and deep links the page', async () => {
    for (const path of ['/', '/traces/abc', '/map?q=service:orders']) {
      const answer = await ask(viewer.url + path)
      expect(answer.status).toBe(200)
      const policy = String(answer.headers['content-security-policy'])
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("script-src 'self';")
      expect(policy).not.toMatch(/unsafe/)
      expect(answer.headers['x-content-type-options']).toBe('nosniff')
    }
  })

  it('answers HEAD at once, also where GET would never end', async () => {
    for (const path of ['/', '/api/local/traces', '/api/local/stream', '/api/local/export']) {
      const answer = await ask(viewer.url + path, { method: 'HEAD' })
      expect([path, answer.status, answer.bytes.length]).toEqual([path, 200, 0])
    }
  })

  it('gives no file from outside of the page’s folder', async () => {
    for (const path of [
      '/..%2f..%2fpackage.json',
      '/%2e%2e/%2e%2e/package.json',
      '/../package.json',
    ])
      expect((await ask(viewer.url + path)).text).not.toContain('@callchain/viewer')
  })

  it('sends what a hostile span says as JSON only, and never as a page', async () => {
    const hostile = '<script>alert(1)</script>'
    await sendSpans(viewer.url, [
      {
        trace: 66,
        id: 1,
        name: hostile,
        service: hostile,
        attributes: { [hostile]: hostile, __proto__x: 'x', constructor: 'y' },
      },
    ])
    const id = '42'.padStart(32, '0')
    const one = await ask(`${viewer.url}/api/local/traces/${id}`)
    expect(one.json.spans[0]).toMatchObject({ name: hostile, service: hostile })
    expect(one.headers['content-type']).toMatch(/^application\/json/)
    const { headers } = one
    expect(headers['content-security-policy']).toBe("default-src 'none'; frame-ancestors 'none'")
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['cross-origin-resource-policy']).toBe('same-origin')
    const markdown = await ask(`${viewer.url}/api/local/traces/${id}.md`)
    expect(markdown.text).not.toContain('<script>')
    expect(markdown.headers['content-type']).toMatch(/^text\/markdown/)
  })
})

describe('A viewer that other machines reach', () => {
  it('demands a token, and says why', async () => {
    await expect(startViewer({ port: 0, host: '0.0.0.0' })).rejects.toThrow(
      /anyone who can reach this machine could read .* token/,
    )
  })

  describe('with a token', () => {
    const viewer = viewerForTests({ host: '0.0.0.0', token: 's3cret-token' })
    const url = (path: string): string => viewer.url.replace('0.0.0.0', '127.0.0.1') + path

    it('answers nothing without it', async () => {
      for (const path of ['/', '/api/local/traces', '/api/v3/services', '/?token=wrong'])
        expect((await ask(url(path))).status).toBe(401)
      const sent = await ask(url('/v1/traces'), { method: 'POST', headers: JSON_TYPE, body: '{}' })
      expect(sent.status).toBe(401)
    })

    it('takes it as a bearer, and once in the address for a cookie', async () => {
      const bearer = { authorization: 'Bearer s3cret-token' }
      expect((await ask(url('/api/local/traces'), { headers: bearer })).status).toBe(200)
      const first = await ask(url('/traces?token=s3cret-token&q=a'))
      expect([first.status, first.headers.location]).toEqual([303, '/traces?q=a'])
      const [cookie = ''] = first.headers['set-cookie'] ?? []
      expect(cookie).toMatch(/HttpOnly; SameSite=Strict/)
      const headers = { cookie: cookie.split(';')[0] ?? '' }
      expect((await ask(url('/api/local/traces'), { headers })).status).toBe(200)
    })
  })
})

describe('The package', () => {
  it('knows its folder, where the page is', () => {
    expect(packageFolder()).toBe(resolve(__dirname, '../..'))
  })
})
