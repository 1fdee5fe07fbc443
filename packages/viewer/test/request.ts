import { request as send } from 'node:http'
import { startViewer } from '../src/public/start-viewer.ts'
import type { Viewer, ViewerOptions } from '../src/public/viewer-options.ts'
import { otlpJson, type TestSpan } from './spans.ts'

/** An answer, as it came. */
export interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  bytes: Buffer
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects to be there
  json: any
}

/** One request on a socket of its own, with exactly these headers. */
export function ask(
  url: string,
  {
    method = 'GET',
    headers = {},
    body,
  }: { method?: string; headers?: Record<string, string>; body?: Buffer | string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = send(url, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const bytes = Buffer.concat(chunks)
        const text = bytes.toString()
        const isJson = response.headers['content-type']?.startsWith('application/json')
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          bytes,
          text,
          json: isJson && text !== '' ? JSON.parse(text) : undefined,
        })
      })
    })
    request.on('error', reject)
    request.end(body)
  })
}

/** A viewer on a free port that is closed after the tests of the block. */
export function viewerForTests(options: ViewerOptions = {}): { readonly url: string } {
  let viewer: Viewer | undefined
  beforeAll(async () => {
    viewer = await startViewer({ port: 0, ...options })
  })
  afterAll(() => viewer?.close())
  return {
    get url() {
      return viewer?.url ?? ''
    },
  }
}

const JSON_TYPE = { 'content-type': 'application/json' }

/** Sends these spans as OTLP JSON. */
export async function sendSpans(url: string, spans: readonly TestSpan[]): Promise<Answer> {
  const body = JSON.stringify(otlpJson(spans))
  return ask(`${url}/v1/traces`, { method: 'POST', headers: JSON_TYPE, body })
}
