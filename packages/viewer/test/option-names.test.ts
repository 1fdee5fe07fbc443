import { describe, expect, it } from '@jest/globals'
import { createTraceStore, startViewer } from '../src/index.ts'

describe('an option that does not exist', () => {
  it('is refused by startViewer(), with those that there are', async () => {
    await expect(startViewer({ port: 0, maxSpan: 5 } as never)).rejects.toThrow(
      new TypeError(
        "startViewer() has no option 'maxSpan'; allowed: port, host, token, maxSpans, maxMemory, maxBody, traceLinks, store",
      ),
    )
  })

  it('is refused by createTraceStore()', () => {
    expect(() => createTraceStore({ maxBytes: 5 } as never)).toThrow(
      new TypeError("createTraceStore() has no option 'maxBytes'; allowed: maxSpans, maxMemory"),
    )
  })
})
