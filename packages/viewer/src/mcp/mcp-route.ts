import { answerJson } from '../http/answer.ts'
import { HttpError } from '../http/errors.ts'
import { checkJsonSize } from '../ingest/json-size.ts'
import type { Exchange, Route } from '../ingest/viewer-state.ts'
import { answerMessage, PROTOCOL_VERSIONS, RPC_CODES, refusal } from './protocol.ts'
import { toolsOf } from './tools.ts'

const MAX_BATCH = 100

/**
 * The Model Context Protocol over streamable HTTP: each POST is answered at once with JSON, and there are no
 * sessions. Who may ask is checked as for the page.
 */
export const mcpRoute: Route = { method: 'POST', pattern: /^\/mcp\/?$/, answer }

async function answer({ state, request, response }: Exchange): Promise<void> {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json')
    throw new HttpError(415, 'Send MCP messages as application/json.')
  checkVersion(request.headers['mcp-protocol-version'])
  const { bytes } = await state.bodies.read(request)
  checkJsonSize(bytes)
  const message = parse(bytes)
  if (message === undefined)
    return answerJson(response, refusal(null, RPC_CODES.notJson, 'The body is not JSON.'), 400)
  const call = toolsOf(state)
  // Only the revision of March 2025 has batches; they cost nothing to answer.
  const answers = Array.isArray(message)
    ? await Promise.all(message.slice(0, MAX_BATCH).map((each) => answerMessage(each, call)))
    : [await answerMessage(message, call)]
  const given = answers.filter((each) => each !== undefined)
  if (given.length === 0) response.writeHead(202).end()
  else answerJson(response, Array.isArray(message) ? given : given[0])
}

function checkVersion(version: string | string[] | undefined): void {
  if (version === undefined || PROTOCOL_VERSIONS.some((each) => each === version)) return
  throw new HttpError(
    400,
    `The protocol version ${String(version).slice(0, 50)} is not known here: ${PROTOCOL_VERSIONS.join(', ')}.`,
  )
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}
