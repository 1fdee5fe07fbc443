// Makes as many gRPC calls as its argument says, of a server in this process, in the ways that applications
// do, good and bad; then prints its spans, its warnings, and its heap of the middle and of the end.
import { createRequire } from 'node:module'
import { runWithIdentity } from '@callchain/core'
import { traceGrpc, traceGrpcServer, tracing } from '@callchain/grpc'
import { handledFor, soak, startCounting } from './counting.js'

const fromPackage = createRequire(new URL('../../packages/grpc/package.json', import.meta.url))
const grpc = fromPackage('@grpc/grpc-js')

const LARGE = 'x'.repeat(8192)
const codec = {
  requestSerialize: (text) => Buffer.from(text),
  requestDeserialize: String,
  responseSerialize: (text) => Buffer.from(text),
  responseDeserialize: String,
}
const method = (name, requestStream, responseStream) => ({
  path: `/soak.v1.Echo/${name}`,
  requestStream,
  responseStream,
  ...codec,
})
const definition = {
  unary: method('Unary', false, false),
  watch: method('Watch', false, true),
  collect: method('Collect', true, false),
  chat: method('Chat', true, true),
}

const counts = startCounting()
const handled = (call) => handledFor(counts, call.metadata.get('wanted')[0])

const handlers = {
  unary(call, respond) {
    handled(call)
    if (call.request === 'throw') throw new TypeError('at once')
    if (call.request === 'fail') respond({ code: grpc.status.INTERNAL, details: 'no stock' })
    else if (call.request === 'late') call.on('cancelled', () => respond(null, 'late'))
    else setImmediate(() => respond(null, call.request))
  },
  watch(call) {
    handled(call)
    call.write('a')
    call.write('b')
    if (call.request === 'fail') call.emit('error', { code: grpc.status.DATA_LOSS })
    else if (call.request !== 'hang') call.end()
  },
  collect(call, respond) {
    handled(call)
    call.on('data', () => {})
    call.on('end', () => respond(null, 'all'))
  },
  chat(call) {
    handled(call)
    call.on('data', (text) => call.write(text))
    call.on('end', () => call.end())
  },
}

const server = traceGrpcServer(
  new grpc.Server({ interceptors: [tracing()], 'grpc.max_receive_message_length': 4096 }),
)
server.addService(definition, handlers)
const port = await new Promise((resolve, reject) => {
  const insecure = grpc.ServerCredentials.createInsecure()
  server.bindAsync('127.0.0.1:0', insecure, (error, bound) =>
    error === null ? resolve(bound) : reject(error),
  )
})
const Echo = grpc.makeGenericClientConstructor(definition, 'soak.v1.Echo')
const client = new Echo(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), {
  interceptors: [traceGrpc()],
})

const unary = (metadata, text, options = {}) =>
  new Promise((resolve) => client.unary(text, metadata, options, resolve))
const ending = (call) =>
  new Promise((resolve) => {
    call.on('data', () => {}).on('error', () => {})
    call.on('status', resolve)
  })
const calledOff = (call) => {
  const over = ending(call)
  call.once('data', () => call.cancel())
  return over
}

const steps = [
  (metadata) => unary(metadata, 'a'),
  (metadata) => unary(metadata, 'fail'),
  (metadata) => unary(metadata, 'throw'),
  (metadata) => ending(client.watch('a', metadata)),
  (metadata) => ending(client.watch('fail', metadata)),
  (metadata) => calledOff(client.watch('hang', metadata)),
  (metadata) => unary(metadata, LARGE),
  (metadata) => unary(metadata, 'late', { deadline: Date.now() + 20 }),
  (metadata) =>
    new Promise((resolve) => {
      const call = client.collect(metadata, resolve)
      for (const text of ['a', 'b', 'c']) call.write(text)
      call.end()
    }),
  (metadata) => {
    const call = client.chat(metadata)
    const over = ending(call)
    for (const text of ['a', 'b']) call.write(text)
    call.end()
    return over
  },
]

const result = await soak(counts, Number(process.argv[2]), (number) => {
  const tenant = `tenant-${number % 50}`
  const metadata = new grpc.Metadata()
  metadata.set('wanted', tenant)
  return runWithIdentity({ 'tenant.id': tenant }, () => steps[number % steps.length](metadata))
})
client.close()
server.forceShutdown()
console.log(JSON.stringify(result))
