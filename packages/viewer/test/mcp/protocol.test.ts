import { once } from 'node:events'
import { describe, expect, it } from '@jest/globals'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { MCP_TOOLS } from '../../src/mcp/tool-list.ts'
import { commandForTests } from '../cli/callchain-command.ts'
import { ask, sendSpans, viewerForTests } from '../request.ts'
import { traceId } from '../spans.ts'

const viewer = viewerForTests()
const { callchain, bundle } = commandForTests()
const JSON_TYPE = { 'content-type': 'application/json' }

const post = (message: unknown, headers: Record<string, string> = {}, url = viewer.url) =>
  ask(`${url}/mcp`, {
    ...{ method: 'POST', headers: { ...JSON_TYPE, ...headers } },
    body: typeof message === 'string' ? message : JSON.stringify(message),
  })
const request = (method: string, params: object = {}, id: unknown = 1) => ({
  ...{ jsonrpc: '2.0', id, method, params },
})
const call = async (
  name: string,
  args: object = {},
): Promise<{ text: string; isError: boolean }> => {
  const { json } = await post(request('tools/call', { name, arguments: args }))
  return { text: json.result.content[0].text, isError: json.result.isError }
}

const db = { 'db.system.name': 'postgresql', 'db.query.text': 'SELECT n FROM ``` shelf' }

beforeAll(async () => {
  await sendSpans(viewer.url, [
    { trace: 0xabc7, id: 1, service: 'gateway', name: 'GET /shelf', took: 30, error: true },
    {
      trace: 0xabc7,
      id: 2,
      parent: 1,
      name: 'query',
      at: 1,
      took: 20,
      error: 'no',
      attributes: db,
    },
  ])
  const record = { traceId: traceId(0xabc7), severityNumber: 17, body: { stringValue: 'refused' } }
  const resourceLogs = [{ scopeLogs: [{ logRecords: [record] }] }]
  const body = JSON.stringify({ resourceLogs })
  await ask(`${viewer.url}/v1/logs`, { method: 'POST', headers: JSON_TYPE, body })
})

describe('The official client of the Model Context Protocol', () => {
  it('uses the tools over HTTP', async () => {
    const client = new Client({ name: 'test', version: '1' })
    await client.connect(new StreamableHTTPClientTransport(new URL(`${viewer.url}/mcp`)))
    expect(client.getServerVersion()?.name).toBe('callchain')
    expect(client.getInstructions()).toContain('find_errors')
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name)).toEqual(MCP_TOOLS.map(({ name }) => name))
    const answer = await client.callTool({ name: 'find_errors', arguments: {} })
    expect(JSON.stringify(answer.content)).toContain('SELECT n FROM')
    expect(await client.ping()).toEqual({})
    await expect(client.callTool({ name: 'rm', arguments: {} })).rejects.toThrow('no tool "rm"')
    await client.close()
  })

  it('uses the same tools through callchain mcp, and learns what to start when no viewer runs', async () => {
    const client = new Client({ name: 'test', version: '1' })
    const port = new URL(viewer.url).port
    const args = [bundle, 'mcp', '--port', port]
    await client.connect(new StdioClientTransport({ command: process.execPath, args }))
    expect((await client.listTools()).tools).toHaveLength(MCP_TOOLS.length)
    const answer = await client.callTool({ name: 'get_trace', arguments: { trace: 'latest' } })
    expect(JSON.stringify(answer.content)).toContain('Failed in orders')
    await client.close()
  })
})

describe('callchain mcp', () => {
  it('answers line by line, also without a viewer, and ends with its input', async () => {
    const { child, ends, output } = callchain(['mcp', '--port', '1'])
    const lines = [
      ...[request('initialize', { protocolVersion: '2024-11-05' }), request('tools/list')],
      ...[{ jsonrpc: '2.0', method: 'notifications/initialized' }],
      request('tools/call', { name: 'find_slow', arguments: {} }, 'last'),
    ]
    child.stdin?.end(`${lines.map((line) => JSON.stringify(line)).join('\n')}\nnot JSON\n\n`)
    expect(await ends).toBe(0)
    const answers = output()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(answers).toHaveLength(4)
    expect(answers.find(({ id }) => id === null).error.code).toBe(-32700)
    const { result } = answers.find(({ id }) => id === 'last')
    expect(result.isError).toBe(true)
    expect(result.content[0].text).toContain('Start one with: npx callchain --port 1')
  })
})

describe('MCP at /mcp of the viewer', () => {
  it('speaks the version that was asked for, or its newest', async () => {
    const version = async (protocolVersion: string) =>
      (await post(request('initialize', { protocolVersion }))).json.result.protocolVersion
    expect(await version('2025-03-26')).toBe('2025-03-26')
    expect(await version('1999-01-01')).toBe('2025-11-25')
    const later = await post(request('ping'), { 'mcp-protocol-version': '1999-01-01' })
    expect([later.status, later.json.error.message]).toEqual([
      400,
      expect.stringContaining('2025-11-25'),
    ])
  })

  it('answers requests, and only those', async () => {
    const silent = await post({ jsonrpc: '2.0', method: 'notifications/initialized' })
    expect([silent.status, silent.text]).toEqual([202, ''])
    expect((await post({ jsonrpc: '2.0', id: 1, result: {} })).status).toBe(202)
    expect((await post(request('resources/list'))).json.error.code).toBe(-32601)
    expect((await post('{')).json.error.code).toBe(-32700)
    expect((await post([])).status).toBe(202)
    expect((await post(1)).json.error.code).toBe(-32600)
    expect((await post({ jsonrpc: '2.0', id: 1 })).json.error.code).toBe(-32600)
    const batch = await post([request('ping'), request('tools/list', {}, 'b')])
    expect(batch.json.map(({ id }: { id: unknown }) => id)).toEqual([1, 'b'])
  })

  it('is protected like the page', async () => {
    const ping = request('ping')
    const foreign: Record<string, string>[] = [
      ...[{ origin: 'https://evil.example' }, { origin: 'http://localhost:3000' }],
      ...[{ 'sec-fetch-site': 'cross-site' }, { host: 'evil.example' }],
    ]
    for (const headers of foreign) expect((await post(ping, headers)).status).toBe(403)
    expect((await post(ping, { 'content-type': 'text/plain' })).status).toBe(415)
    const get = await ask(`${viewer.url}/mcp`)
    expect([get.status, get.headers.allow]).toEqual([405, 'POST'])
  })

  it('says what is wrong with the arguments of a tool', async () => {
    const faults: [name: string, args: object, sentence: string][] = [
      ['get_trace', {}, 'get_trace needs "trace".'],
      ['get_trace', { trace: 'ffff' }, 'This trace was never received'],
      ['get_trace', { trace: 7 }, '"trace" must be text.'],
      ['get_span', { trace: 'latest', span: 'ff' }, 'The trace has no such span.'],
      ['find_slow', { limit: 0 }, '"limit" must be a whole number from 1 to 100.'],
      ['find_slow', { last: 'yesterday' }, '"last" must be a time like 30s'],
      ['find_slow', { q: 'a' }, 'find_slow has no argument "q"; it has: query, last, limit.'],
      ['find_slow', { query: 'a AND b' }, 'write them without AND'],
      ['find_slow', { query: 'name~(a+)+$ name~(((' }, 'regular expression'],
    ]
    for (const [name, args, sentence] of faults) {
      const { text, isError } = await call(name, args)
      expect([name, args, isError]).toEqual([name, args, true])
      expect(text).toContain(sentence)
    }
  })

  it('gives each tool what the viewer has', async () => {
    const id = traceId(0xabc7)
    expect((await call('find_errors')).text).toContain('````sql\nSELECT n FROM ``` shelf\n````')
    expect((await call('find_slow', { last: '1s' })).text).toBe('No trace fits.')
    expect((await call('list_traces')).text).toContain(`trace ${id}, about span`)
    expect((await call('get_trace', { trace: id })).text).toContain('**Failed in orders')
    const span = JSON.parse((await call('get_span', { trace: id, span: '0000000000000002' })).text)
    expect(span).toMatchObject({ name: 'query', status: 'error', attributes: db })
    expect((await call('list_operations')).text).toContain(
      'gateway | GET /shelf | internal | 1 | 1',
    )
    expect((await call('search_logs', { trace: id, query: 'level>=warn' })).text).toContain(
      `ERROR unknown_service: refused (trace ${id})`,
    )
    const compared = await call('compare_traces', { trace: id })
    expect([compared.isError, compared.text]).toEqual([
      true,
      'No other trace of this operation is here to compare it with.',
    ])
    const same = await call('compare_traces', { trace: id, with: 'latest' })
    expect(same.text).toMatch(/^30 ms instead of 30 ms; no row is other\n/)
    expect((await call('compare_since', { since: '0' })).text).toMatch(/GET \/shelf\n {2}is new/)
    expect((await call('mark_moment', { name: 'now' })).text).toMatch(/^Marked .* as "now"\.$/)
    expect((await call('compare_since')).isError).toBe(false)
    expect((await call('search_logs', { query: 'nothing' })).text).toBe('No log line fits.')
  })
})

describe('MCP of a viewer with a token', () => {
  const guarded = viewerForTests({ token: 'right' })

  it('wants the token', async () => {
    expect((await post(request('ping'), {}, guarded.url)).status).toBe(401)
    const headers = { authorization: 'Bearer right' }
    expect((await post(request('ping'), headers, guarded.url)).json.result).toEqual({})
  })

  it('gets it from callchain mcp', async () => {
    const port = new URL(guarded.url).port
    const run = callchain(['mcp', '--port', port], { CALLCHAIN_TOKEN: 'right' })
    const line = request('tools/call', { name: 'find_errors', arguments: {} })
    run.child.stdin?.write(`${JSON.stringify(line)}\n`)
    await run.says(/No trace has an error/)
    run.child.stdin?.end()
    await once(run.child, 'close')
  })
})
