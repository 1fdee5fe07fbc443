// Sends and handles as many messages as its argument says, in the ways that applications do, good and bad;
// then prints its spans, its warnings, and its heap of the middle and of the end.
import { setImmediate as turn } from 'node:timers/promises'
import { messageWith, traceDelivery, traceMessage, traceSend } from '@callchain/messaging'
import { traceAmqp } from '@callchain/messaging/amqplib'
import { traceKafka } from '@callchain/messaging/kafkajs'
import { handledFor, heapAfterCollection, startCounting } from './counting.js'
import { channel, consumer, producer } from './message-libraries.js'

const TURN = 200
const counts = startCounting()

const kafka = { sender: producer(), receiver: consumer() }
const sender = traceKafka(kafka.sender)
const batches = consumer()
const amqp = channel()
const rabbit = traceAmqp(amqp)

// What arrives has the tenant of who sent it, whoever was sending before.
const handle = (wanted) => handledFor(counts, wanted)

const tenantOf = (number) => `tenant-${number % 50}`
const fail = () => {
  throw new TypeError('no stock')
}

async function request(number, run) {
  const headers = {
    traceparent: `00-${(number + 1).toString(16).padStart(32, '0')}-00f067aa0ba902b7-01`,
    baggage: `tenant.id=${tenantOf(number)}`,
  }
  const message = { header: (name) => headers[name], raw: headers }
  await traceDelivery({ ...DESTINATION, operation: 'process', messages: [message] }, run)
}
const DESTINATION = { system: 'soak', destination: 'requests' }

const steps = [
  // kafkajs: one message, handled.
  async (number) => {
    const record = Object.freeze({ topic: 'orders', messages: [Object.freeze({ value: '7' })] })
    await request(number, () => sender.send(record))
    await kafka.receiver.deliver(kafka.sender.take())
    return 2
  },
  // One whose handler throws, and is tried again.
  async (number) => {
    await request(number, () => sender.send({ topic: 'failing', messages: [{ value: '7' }] }))
    const [message] = kafka.sender.take()
    await kafka.receiver.deliver([message]).catch(() => {})
    await kafka.receiver.deliver([{ ...message }]).catch(() => {})
    return 1
  },
  // A batch, each message of it handled for itself.
  async (number) => {
    const messages = Array.from({ length: 3 }, () => ({ value: '7', headers: { own: 'x' } }))
    await request(number, () =>
      sender.sendBatch({ topicMessages: [{ topic: 'orders', messages }] }),
    )
    await batches.deliverBatch(kafka.sender.take())
    return 3
  },
  // amqplib: acknowledged by a promise, late, refused, and never.
  async (number) => {
    await request(number, () => {
      for (const queue of ['promise', 'late', 'refused', 'never'])
        rabbit.sendToQueue(queue, Buffer.from('7'))
    })
    amqp.deliver()
    await turn()
    return 4
  },
  // Any other system, with headers that are not what they should be.
  async (number) => {
    const headers = { traceparent: 7, baggage: null, big: 'x'.repeat(2000), list: ['a', 'b'] }
    await request(number, () =>
      traceSend(
        { ...DESTINATION, operation: 'publish', messages: [messageWith(headers)] },
        async () => {},
      ),
    )
    const forged = {
      header: (name) => (name === 'baggage' ? `tenant.id=${'x'.repeat(9000)}` : '00-zz'),
    }
    traceDelivery(
      { ...DESTINATION, operation: 'process', messages: [{ ...forged, raw: forged }] },
      () => {},
    )
    return 1
  },
]

async function start() {
  await traceKafka(kafka.receiver).run({
    eachMessage: async ({ topic, message }) => {
      if (topic === 'failing') fail()
      handle(tenantOf(message.number))
    },
  })
  await traceKafka(batches).run({
    eachBatch: async ({ batch }) => {
      for (const message of batch.messages)
        traceMessage(message, () => handle(tenantOf(message.number)))
    },
  })
  await rabbit.consume('promise', async (message) => {
    await turn()
    handle(tenantOf(message.number))
    rabbit.ack(message)
  })
  await rabbit.consume('late', (message) => setImmediate(() => rabbit.ack(message)))
  await rabbit.consume('refused', (message) => rabbit.nack(message))
  await rabbit.consume('never', () => {})
}

let sent = 0
let number = 0
async function sendUntil(count) {
  while (sent < count) {
    for (const step of steps) {
      kafka.sender.number = number
      amqp.number = number
      sent += await step(number)
      number += 1
    }
    if (number % TURN === 0) await turn()
  }
}

const messages = Number(process.argv[2])
await start()
// By then, code is compiled and pools are filled.
await sendUntil(messages / 2)
const middle = await heapAfterCollection()
await sendUntil(messages)
const end = await heapAfterCollection()
amqp.emit('close')
await turn()
console.log(JSON.stringify({ ...counts, sent, middle, end }))
