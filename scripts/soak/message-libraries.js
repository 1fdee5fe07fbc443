// What stands in for kafkajs and amqplib, with their methods and without a broker: what is sent waits to
// be delivered, with its headers as bytes.
import { EventEmitter } from 'node:events'

/** A producer of kafkajs; `take()` gives what was sent since, as a consumer gets it. */
export function producer() {
  let waiting = []
  const keep = (topic, messages) => {
    for (const { value, headers = {} } of messages) {
      waiting.push({ topic, number: made.number, ...received(value, headers) })
    }
  }
  const made = {
    number: 0,
    send: async ({ topic, messages }) => keep(topic, messages),
    sendBatch: async ({ topicMessages }) => {
      for (const { topic, messages } of topicMessages) keep(topic, messages)
    },
    transaction: async () => producer(),
    take: () => {
      const taken = waiting
      waiting = []
      return taken
    },
  }
  return made
}

function received(value, headers) {
  const bytes = Object.entries(headers).map(([name, text]) => [name, Buffer.from(String(text))])
  return { value: Buffer.from(value), offset: '7', headers: Object.fromEntries(bytes) }
}

/** A consumer of kafkajs, to which messages are delivered by hand. */
export function consumer() {
  let handlers = {}
  return {
    subscribe: async () => {},
    run: async (config) => {
      handlers = config
    },
    async deliver(messages) {
      for (const message of messages) {
        await handlers.eachMessage({ topic: message.topic, partition: 0, message })
      }
    },
    deliverBatch: (messages) =>
      handlers.eachBatch({ batch: { topic: 'orders', partition: 0, messages } }),
  }
}

/** A channel of amqplib; `deliver()` hands what was published to its consumers. */
export function channel() {
  const consumers = new Map()
  let waiting = []
  let deliveryTag = 0
  const made = Object.assign(new EventEmitter(), {
    number: 0,
    publish(_exchange, queue, content, options = {}) {
      waiting.push({ queue, content, headers: options.headers, number: made.number })
      return true
    },
    sendToQueue: (queue, content, options) => made.publish('', queue, content, options),
    consume: async (queue, handler) => consumers.set(queue, handler),
    get: async () => false,
    ...Object.fromEntries(
      ['ack', 'ackAll', 'nack', 'nackAll', 'reject'].map((name) => [name, () => {}]),
    ),
    deliver() {
      const all = waiting
      waiting = []
      for (const { queue, content, headers, number } of all) {
        deliveryTag += 1
        const fields = { deliveryTag, exchange: '', routingKey: queue, redelivered: false }
        consumers.get(queue)({ fields, properties: { headers: { ...headers } }, content, number })
      }
    },
  })
  return made
}
