import { createInterface } from 'node:readline'
import { answerMessage, type CallTool, RPC_CODES, refusal } from '../mcp/protocol.ts'
import { isObject, objectOf, objectsOf, textField } from '../model/json-fields.ts'
import { READING_HELP, type ReadingOptions, type ViewerPlace } from './reading-options.ts'
import { connect } from './viewer-client.ts'

/** What `callchain mcp --help` prints. */
export const MCP_HELP: string = `Offers a running viewer to an agent, over the Model Context Protocol on standard input and output.

Usage
  callchain mcp                 in the settings of the agent: { "command": "npx", "args": ["callchain", "mcp"] }

A viewer also answers it itself, over HTTP at /mcp of its own port.

Options
${READING_HELP.split('\n').slice(0, 3).join('\n')}`

/** Answers messages until standard input ends. */
export async function mcpCommand(options: ReadingOptions): Promise<void> {
  const call = callAt(options)
  const answers = new Set<Promise<void>>()
  for await (const line of createInterface({ input: process.stdin, crlfDelay: 1000 })) {
    if (line.trim() === '') continue
    const answer = answerLine(line, call)
    answers.add(answer)
    void answer.finally(() => answers.delete(answer))
  }
  await Promise.all(answers)
}

async function answerLine(line: string, call: CallTool): Promise<void> {
  const answer = await answerTo(line, call)
  if (answer !== undefined) process.stdout.write(`${JSON.stringify(answer)}\n`)
}

async function answerTo(line: string, call: CallTool): Promise<unknown> {
  let message: unknown
  try {
    message = JSON.parse(line)
  } catch {
    return refusal(null, RPC_CODES.notJson, 'The line is not JSON.')
  }
  if (!Array.isArray(message)) return answerMessage(message, call)
  const answers = await Promise.all(message.map((each) => answerMessage(each, call)))
  const given = answers.filter((each) => each !== undefined)
  return given.length === 0 ? undefined : given
}

/** Tools are offered also while no viewer runs: the answer of each says what to start. */
function callAt(place: ViewerPlace): CallTool {
  return async (name, args) => {
    try {
      const viewer = await connect(place)
      const body = JSON.stringify({
        ...{ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } },
      })
      const headers = { 'content-type': 'application/json' }
      const response = await viewer.ask('/mcp', { method: 'POST', headers, body })
      return readAnswer(await response.json())
    } catch (error) {
      return { text: error instanceof Error ? error.message : String(error), isError: true }
    }
  }
}

function readAnswer(value: unknown): { text: string; isError: boolean } {
  const { result, error } = objectOf(value)
  if (isObject(error)) return { text: textField(error.message), isError: true }
  const { content, isError } = objectOf(result)
  const text = objectsOf(content)
    .map((each) => textField(each.text))
    .join('\n')
  return { text, isError: isError === true }
}
