import type { RpcAnswer, RpcCaller, RpcCalling } from './stage.ts'

/** One call of each method of the contract's service. */
export interface KindOfCall {
  /** The method's name. */
  readonly method: string
  /** The messages that the client sends, and that it gets. */
  readonly sent: number
  readonly received: number
  readonly isStream: boolean
  call(caller: RpcCaller, calling?: RpcCalling): Promise<RpcAnswer>
}

/** Unary, and the three kinds of streams. */
export const FOUR_KINDS: readonly KindOfCall[] = [
  {
    method: 'Unary',
    sent: 1,
    received: 1,
    isStream: false,
    call: (caller, calling) => caller.unary('a', calling),
  },
  {
    method: 'ServerStream',
    sent: 1,
    received: 2,
    isStream: true,
    call: (caller, calling) => caller.serverStream('a', calling),
  },
  {
    method: 'ClientStream',
    sent: 3,
    received: 1,
    isStream: true,
    call: (caller, calling) => caller.clientStream(['a', 'b', 'c'], calling),
  },
  {
    method: 'Bidi',
    sent: 2,
    received: 2,
    isStream: true,
    call: (caller, calling) => caller.bidi(['a', 'b'], calling),
  },
]

/** Every status that an RPC can end with but OK. */
export const FAILURES = [
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
] as const

/** Those of them that are a server's fault. */
export const FAULTS_OF_SERVERS: ReadonlySet<string> = new Set([
  'UNKNOWN',
  'DEADLINE_EXCEEDED',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
])
