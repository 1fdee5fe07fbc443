import type { Client, ServiceDefinition } from '@grpc/grpc-js'

/** The contract's service. */
export const SERVICE = 'contract.v1.Echo'

const text = {
  requestSerialize: (value: string) => Buffer.from(value),
  requestDeserialize: (bytes: Buffer) => bytes.toString(),
  responseSerialize: (value: string) => Buffer.from(value),
  responseDeserialize: (bytes: Buffer) => bytes.toString(),
}

function method(name: string, requestStream: boolean, responseStream: boolean) {
  return { path: `/${SERVICE}/${name}`, requestStream, responseStream, ...text }
}

/** Its methods, whose messages are texts. */
export const definition = {
  unary: method('Unary', false, false),
  serverStream: method('ServerStream', false, true),
  clientStream: method('ClientStream', true, false),
  bidi: method('Bidi', true, true),
} satisfies ServiceDefinition

/** The same with a method that no server has. */
export const wider = { ...definition, unknown: method('Unknown', false, false) }

/** What a generated client of it looks like. */
export type EchoClient = Client & Record<keyof typeof wider, CallableFunction>
