// kafkajs, whose producer and consumer have nothing below them: what stands above them is measured.
const { Kafka, logLevel } = requireWithoutBroker()

/** In place of the modules that talk to a broker, before kafkajs is loaded. */
function requireWithoutBroker() {
  stub('kafkajs/src/producer', () => createProducer)
  stub('kafkajs/src/consumer', () => createConsumer)
  return require('kafkajs')
}

function stub(name, exported) {
  const path = require.resolve(name)
  require.cache[path] = { id: path, filename: path, loaded: true, exports: exported() }
}

function createProducer() {
  return {
    events: { REQUEST: 'producer.network.request' },
    on: () => () => {},
    async send({ messages }) {
      for (const message of messages) take(message)
      return [{ topicName: 'orders', partition: 0, errorCode: 0 }]
    },
    async sendBatch() {},
    async transaction() {},
  }
}

function createConsumer() {
  const listeners = []
  return {
    events: { GROUP_JOIN: 'consumer.group_join', REQUEST: 'consumer.network.request' },
    on: (name, listener) => {
      if (name === 'consumer.group_join') listeners.push(listener)
      return () => {}
    },
    async subscribe() {},
    async run({ eachMessage }) {
      for (const listener of listeners) listener({ payload: { groupId: 'billing' } })
      handle = eachMessage
    },
  }
}

let handle

/** What arrived at the broker that is not there. */
const seen = { messages: 0, traced: 0, withTenant: 0 }

function take({ headers = {} }) {
  seen.messages += 1
  if (/^00-0af7651916cd43dd8448eb211c80319c/.test(String(headers.traceparent))) seen.traced += 1
  if (String(headers.baggage).includes('tenant.id=acme')) seen.withTenant += 1
}

const kafka = () =>
  new Kafka({ clientId: 'bench', brokers: ['127.0.0.1:9092'], logLevel: logLevel.NOTHING })

/** Sends one message. */
exports.openSender = async (wrap) => {
  const producer = wrap(kafka().producer({ createPartitioner: () => () => 0 }))
  return {
    seen,
    step: () => producer.send({ topic: 'orders', messages: [{ key: '7', value: '{"id":7}' }] }),
  }
}

/** Handles one message, with these headers. */
exports.openHandler = async (wrap, headers, onMessage) => {
  const consumer = wrap(kafka().consumer({ groupId: 'billing' }))
  await consumer.run({ eachMessage: onMessage })
  const bytes = Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)])
  let offset = 0
  return {
    seen,
    step: () =>
      handle({
        topic: 'orders',
        partition: 0,
        message: {
          key: Buffer.from('7'),
          value: Buffer.from('{"id":7}'),
          timestamp: '1795365007000',
          offset: String(offset++),
          headers: Object.fromEntries(bytes),
        },
        heartbeat: async () => {},
        pause: () => () => {},
      }),
  }
}
