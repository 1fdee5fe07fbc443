import { isObject, type JsonObject, objectOf, textField } from '../model/json-fields.ts'
import { VERSION } from '../settings/version.ts'
import { MCP_TOOLS } from './tool-list.ts'

/** What a tool has come to: text for the model, or why there is none. */
export interface ToolAnswer {
  readonly text: string
  readonly isError: boolean
}

/** Calls a tool by its name. */
export type CallTool = (name: string, args: JsonObject) => ToolAnswer | Promise<ToolAnswer>

/** The revisions of the protocol that are spoken, the newest first. */
export const PROTOCOL_VERSIONS: readonly [string, ...string[]] = [
  '2025-11-25',
  '2025-06-18',
  '2025-03-26',
  '2024-11-05',
]

/** The codes of JSON-RPC 2.0, section 5.1. */
export const RPC_CODES = {
  notJson: -32700,
  invalid: -32600,
  noMethod: -32601,
  badParameters: -32602,
  internal: -32603,
} as const

const INSTRUCTIONS =
  'Traces, statements and log lines that the services on this machine have sent to a Callchain viewer. ' +
  'Begin with find_errors for what fails and find_slow for what is slow: both name the statement to blame. ' +
  'get_trace shows one of the traces with its calls, statements and log lines.'

/**
 * Answers one message of the Model Context Protocol, which only offers tools here; undefined for what needs no
 * answer. Never rejects.
 */
export async function answerMessage(message: unknown, call: CallTool): Promise<object | undefined> {
  if (!isObject(message) || message.jsonrpc !== '2.0')
    return refusal(null, RPC_CODES.invalid, 'This is not a message of JSON-RPC 2.0.')
  const { id, method } = message
  if (typeof method !== 'string') {
    const isAnswer = 'result' in message || 'error' in message
    return isAnswer ? undefined : refusal(null, RPC_CODES.invalid, 'A request needs a method.')
  }
  if (typeof id !== 'string' && typeof id !== 'number') return undefined
  try {
    return await answerRequest(id, method, objectOf(message.params), call)
  } catch (error) {
    return refusal(id, RPC_CODES.internal, error instanceof Error ? error.message : String(error))
  }
}

/** A refusal of JSON-RPC. */
export function refusal(id: string | number | null, code: number, message: string): object {
  return { jsonrpc: '2.0', id, error: { code, message } }
}

async function answerRequest(
  id: string | number,
  method: string,
  params: JsonObject,
  call: CallTool,
): Promise<object> {
  const answer = (result: object): object => ({ jsonrpc: '2.0', id, result })
  if (method === 'initialize') return answer(greeting(textField(params.protocolVersion)))
  if (method === 'ping') return answer({})
  if (method === 'tools/list') return answer({ tools: MCP_TOOLS })
  if (method !== 'tools/call')
    return refusal(id, RPC_CODES.noMethod, `${method.slice(0, 100)} is not offered here.`)
  const name = textField(params.name)
  if (!MCP_TOOLS.some((tool) => tool.name === name))
    return refusal(id, RPC_CODES.badParameters, `There is no tool "${name.slice(0, 100)}".`)
  const { text, isError } = await call(name, objectOf(params.arguments))
  return answer({ content: [{ type: 'text', text }], isError })
}

function greeting(wanted: string): object {
  return {
    protocolVersion: PROTOCOL_VERSIONS.find((each) => each === wanted) ?? PROTOCOL_VERSIONS[0],
    capabilities: { tools: {} },
    serverInfo: { name: 'callchain', title: 'Callchain viewer', version: VERSION },
    instructions: INSTRUCTIONS,
  }
}
