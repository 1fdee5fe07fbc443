import { describe, expect, it } from '@jest/globals'
import { createTraceStore, startViewer } from '../../src/index.ts'

describe('an option that does not exist', () => {
  it('is refused by startViewer(), with those that there are', async () => {
    await expect(startViewer({ port: 0, maxSpan: 5 } as never)).rejects.toThrow(
      new TypeError(
        "startViewer() has no option 'maxSpan'; did you mean 'maxSpans'? Allowed: port, grpcPort, host, token, maxSpans, maxMemory, maxBody, traceLinks, store, keep, forward",
      ),
    )
  })

  it('is refused by createTraceStore()', () => {
    expect(() => createTraceStore({ hosts: 5 } as never)).toThrow(
      new TypeError("createTraceStore() has no option 'hosts'; allowed: maxSpans, maxMemory"),
    )
  })
})

describe('what is not allowed', () => {
  it.each<[unknown, string]>([
    [null, 'The options of startViewer() must be an object.'],
    [7, 'The options of startViewer() must be an object.'],
    [[], 'The options of startViewer() must be an object.'],
    [new Map([['port', 0]]), 'The options of startViewer() must be an object.'],
    [Promise.resolve({ port: 0 }), 'The options of startViewer() must be an object.'],
    [
      { prot: 0 },
      "startViewer() has no option 'prot'; did you mean 'port'? Allowed: port, grpcPort, host,",
    ],
    [{ port: null }, 'port must be a whole number from 0 to 65535, not null.'],
    [{ port: '0' }, "port must be a whole number from 0 to 65535, not '0'."],
    [
      { port: 0, grpcPort: '4317' },
      "grpcPort must be a whole number from 0 to 65535, or false, not '4317'.",
    ],
    [{ port: 0, grpcPort: true }, 'grpcPort must be a whole number from 0 to 65535, or false'],
    [{ port: 0, grpcPort: -1 }, 'grpcPort must be a whole number from 0 to 65535, or false'],
    [{ port: 0, host: null }, 'host must be an address of this machine, not null.'],
    [{ port: 0, host: 7 }, 'host must be an address of this machine, not 7.'],
    [{ port: 0, token: null }, 'token must be ASCII letters'],
    [{ port: 0, token: 7 }, 'token must be ASCII letters'],
    [{ port: 0, maxSpans: '5' }, "maxSpans must be a whole number above 0, not '5'."],
    [{ port: 0, maxBody: null }, 'maxBody must be a whole number above 0, not null.'],
    [{ port: 0, traceLinks: null }, 'traceLinks is an object of addresses by name.'],
    [{ port: 0, traceLinks: ['https://a/{traceId}'] }, 'traceLinks is an object of addresses'],
    [{ port: 0, traceLinks: { a: 7 } }, 'traceLinks for a is an http or https address'],
    [{ port: 0, keep: '' }, "keep must be the path of a file, not ''."],
    [{ port: 0, forward: 'http://a' }, 'forward must be the http or https address of a backend'],
    [{ port: 0, forward: { url: 'ftp://a' } }, "without a query, not 'ftp://a'."],
    [{ port: 0, forward: { url: 'http://a', headers: [] } }, 'an object of texts by name'],
    [{ port: 0, forward: { url: 'http://a', headers: { 'a b': 'c' } } }, "The header 'a b'"],
    [{ port: 0, store: null }, 'store must come from createTraceStore().'],
    [{ port: 0, store: 'memory' }, 'store must come from createTraceStore().'],
  ])('is refused by startViewer(): %p', async (options, sentence) => {
    const starting = startViewer(options as never)
    await expect(starting).rejects.toThrow(TypeError)
    await expect(starting).rejects.toThrow(sentence)
  })

  it.each<[unknown, string]>([
    [null, 'The options of createTraceStore() must be an object.'],
    [{ maxSpans: 0 }, 'maxSpans must be a whole number above 0, not 0.'],
    [{ maxMemory: '1' }, "maxMemory must be a whole number above 0, not '1'."],
  ])('is refused by createTraceStore(): %p', (options, sentence) => {
    expect(() => createTraceStore(options as never)).toThrow(new TypeError(sentence))
  })

  it('takes options of a class, frozen ones, and undefined ones', async () => {
    class Options {
      readonly port = 0
      readonly token = undefined
    }
    const viewer = await startViewer(Object.freeze(new Options()) as never)
    await viewer.close()
  })
})
