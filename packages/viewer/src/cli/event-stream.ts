/** One event of a stream of server-sent events. */
export interface StreamEvent {
  readonly name: string
  readonly data: string
}

// A block is one line of JSON; more than this is not one of ours.
const MAX_BLOCK = 64 * 1024 * 1024

/** The events of a body, as they come (HTML, section 9.2.6); comments are left out. */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<StreamEvent> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true })
    if (rest.length > MAX_BLOCK) throw new Error('the stream has an event that is too long')
    const blocks = rest.split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const event = readBlock(block)
      if (event !== undefined) yield event
    }
  }
}

function readBlock(block: string): StreamEvent | undefined {
  const fields = new Map<string, string>()
  for (const line of block.split('\n')) {
    const at = line.indexOf(':')
    if (at > 0) fields.set(line.slice(0, at), line.slice(at + 1).trimStart())
  }
  const [name, data] = [fields.get('event'), fields.get('data')]
  return name === undefined || data === undefined ? undefined : { name, data }
}
