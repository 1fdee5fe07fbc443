import type { RpcClientOptions, RpcServerOptions } from '@callchain/core'
import type { SpanKind } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import type { Recorder } from '../recorder.ts'

/** What a handler of the contract throws to answer with this status: `new RpcFailure('NOT_FOUND', 'gone')`. */
export class RpcFailure extends Error {
  /** The status by its name. */
  readonly status: string

  constructor(status: string, message = 'as the contract wants it') {
    super(message)
    this.status = status
  }
}

/** A call as a handler of the contract gets it. */
export interface RpcHandling {
  /** What users of the library call the call: `inRequest(native, …)` must find it. */
  readonly native: object
  /** A value of the metadata that came with it, by its lower-case name. */
  metadata(name: string): string | undefined
  /** The names of all the metadata that came. */
  metadataNames(): readonly string[]
  /** Sends a value of metadata back, before anything else. */
  answerMetadata(name: string, value: string): void
  /** Calls a listener when the call is cancelled, or over its deadline. */
  onCancelled(listener: () => void): void
}

/** The methods of the contract's service, whose messages are texts. */
export interface RpcHandlers {
  /** One message for one. */
  unary(text: string, call: RpcHandling): Promise<string>
  /** Several for one. */
  serverStream(text: string, call: RpcHandling): AsyncIterable<string>
  /** One for several. */
  clientStream(texts: AsyncIterable<string>, call: RpcHandling): Promise<string>
  /** Several for several. */
  bidi(texts: AsyncIterable<string>, call: RpcHandling): AsyncIterable<string>
}

/** How a call of the contract is made. */
export interface RpcCalling {
  /** Metadata of the application's. Default: none. */
  readonly metadata?: Readonly<Record<string, string>>
  /** How many milliseconds it may take. Default: any number. */
  readonly timeout?: number
  /** Calls it off. Default: nobody does. */
  readonly signal?: AbortSignal
  /** Called with each message that comes back. Default: nothing is. */
  readonly onMessage?: (text: string) => void
}

/** What came of a call; no call of the contract rejects. */
export interface RpcAnswer {
  /** The status by its name: `OK`, `NOT_FOUND`. */
  readonly status: string
  /** What was said about it. */
  readonly details: string
  /** The messages that came back. */
  readonly texts: readonly string[]
}

/** The calls of a client; each takes as many messages as its method. */
export interface RpcCaller {
  unary(text: string, calling?: RpcCalling): Promise<RpcAnswer>
  serverStream(text: string, calling?: RpcCalling): Promise<RpcAnswer>
  clientStream(texts: readonly string[], calling?: RpcCalling): Promise<RpcAnswer>
  bidi(texts: readonly string[], calling?: RpcCalling): Promise<RpcAnswer>
  /** Calls a method that the server does not have. */
  unknown(): Promise<RpcAnswer>
  close(): void
}

/** How a server of the contract is made. */
export interface RpcServing {
  readonly handlers: RpcHandlers
  /** How often it is traced. */
  readonly trace: 0 | 1 | 2
  readonly options: RpcServerOptions<RpcHookRequest>
}

/** What a hook of a server may look at, whatever the library. */
export interface RpcHookRequest {
  readonly method: string
}

/** A server that listens on loopback. */
export interface ServedRpc {
  /** Where it listens, as the client's library takes it. */
  readonly target: string
  /** Its port. */
  readonly port: number
  /** Ends it, and every open call with it. */
  shutdown(): void
}

/** How a client of the contract is made. */
export interface RpcConnecting {
  readonly target: string
  /** How often it is traced. */
  readonly trace: 0 | 1 | 2
  readonly options: RpcClientOptions
  /** How many attempts it makes of a call that is UNAVAILABLE, by the library's own means. */
  readonly attempts: number
}

/** An RPC library, and what the conventions say about it. */
export interface RpcUnderTest {
  /** `rpc.system.name`. */
  readonly system: string
  /** The service of the contract: `contract.v1.Echo`; its methods are `Unary`, `ServerStream`, `ClientStream`, `Bidi`. */
  readonly service: string
  serve(serving: RpcServing): Promise<ServedRpc>
  connect(connecting: RpcConnecting): RpcCaller
}

/** What is served, and called. */
export interface StagedServer {
  readonly handlers?: Partial<RpcHandlers>
  readonly options?: RpcServing['options']
  /** Default: 1. */
  readonly trace?: 0 | 1 | 2
}

/** What a promise of the RPC contract works with. */
export interface RpcStage {
  readonly recorder: Recorder
  readonly system: RpcUnderTest
  serve(server?: StagedServer): Promise<ServedRpc>
  connect(target: string, client?: Partial<Omit<RpcConnecting, 'target'>>): RpcCaller
  /** A traced server, and a client that is not. */
  serveUntracedCaller(server?: StagedServer): Promise<RpcCaller>
  /** A server that is not traced, and a traced client. */
  callUntracedServer(
    handlers?: Partial<RpcHandlers>,
    client?: Partial<Omit<RpcConnecting, 'target'>>,
  ): Promise<RpcCaller>
  /** Waits for the only span of a kind that there is to be. */
  spanOf(kind: SpanKind.SERVER | SpanKind.CLIENT): Promise<ReadableSpan>
  spansOf(kind: SpanKind.SERVER | SpanKind.CLIENT, count: number): Promise<ReadableSpan[]>
}

const ECHO: RpcHandlers = {
  unary: async (text) => text,
  async *serverStream(text) {
    yield text
    yield text
  },
  clientStream: async (texts) => {
    const all: string[] = []
    for await (const text of texts) all.push(text)
    return all.join(' ')
  },
  async *bidi(texts) {
    for await (const text of texts) yield text
  },
}

/** Runs a check on its own stage, and makes sure that it leaves no span, server or client open. */
export async function performOnRpc(
  setUp: () => Recorder,
  system: RpcUnderTest,
  check: (stage: RpcStage) => Promise<void>,
): Promise<void> {
  const recorder = setUp()
  const closing: (() => void)[] = []
  try {
    await check(createStage(system, recorder, closing))
    await recorder.settled()
  } finally {
    for (const close of closing.reverse()) close()
    await recorder.shutdown()
  }
}

function createStage(system: RpcUnderTest, recorder: Recorder, closing: (() => void)[]): RpcStage {
  const serve: RpcStage['serve'] = async ({ handlers, options = {}, trace = 1 } = {}) => {
    const served = await system.serve({ handlers: { ...ECHO, ...handlers }, options, trace })
    closing.push(() => served.shutdown())
    return served
  }
  const connect: RpcStage['connect'] = (target, client = {}) => {
    const caller = system.connect({ options: {}, trace: 1, attempts: 1, ...client, target })
    closing.push(() => caller.close())
    return caller
  }
  const spansOf: RpcStage['spansOf'] = async (kind, count) => {
    const spans = await recorder.waitFor(
      (all) => all.filter((span) => span.kind === kind).length >= count,
    )
    return spans.filter((span) => span.kind === kind)
  }
  return {
    recorder,
    system,
    serve,
    connect,
    spansOf,
    serveUntracedCaller: async (server) => connect((await serve(server)).target, { trace: 0 }),
    callUntracedServer: async (handlers = {}, client = {}) =>
      connect((await serve({ handlers, trace: 0 })).target, client),
    spanOf: async (kind) => {
      const [span, ...others] = await spansOf(kind, 1)
      if (span === undefined || others.length > 0)
        throw new Error(`not one span, but ${others.length + 1}`)
      return span
    },
  }
}
