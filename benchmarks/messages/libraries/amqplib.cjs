// Channels of amqplib over a connection that goes nowhere: what they write is encoded, and dropped.
const { dirname, join } = require('node:path')

// By their paths: the package exports neither.
require('amqplib')
const folder = join(dirname(require.resolve('amqplib')), 'lib')
const { Channel } = require(join(folder, 'channel_model.js'))
const defs = require(join(folder, 'defs.js'))

/** What arrived at the broker that is not there. */
const seen = { messages: 0, traced: 0, withTenant: 0 }

function createConnection() {
  const connection = {
    stream: { remoteAddress: '127.0.0.1', remotePort: 5672, _host: 'broker' },
    serverProperties: { product: 'RabbitMQ' },
    frameMax: 131_072,
    sendMethod: () => true,
    sendMessage(channel, method, fields, header, properties, content) {
      defs.encodeMethod(method, channel, fields)
      defs.encodeProperties(header, channel, content.length, properties)
      take(properties.headers ?? {})
      return true
    },
  }
  return asConnected(connection)
}

// What the instrumentation leaves on a connection that it has seen being made.
function asConnected(connection) {
  const path = Object.keys(require.cache).find((each) =>
    each.endsWith('instrumentation-amqplib/build/src/utils.js'),
  )
  if (path === undefined) return connection
  const utils = require(path)
  connection[utils.CONNECTION_ATTRIBUTES] = {
    ...utils.getConnectionAttributesFromUrl('amqp://broker:5672'),
    ...utils.getConnectionAttributesFromServer(connection),
  }
  return connection
}

function take({ traceparent, baggage }) {
  seen.messages += 1
  if (/^00-0af7651916cd43dd8448eb211c80319c/.test(String(traceparent))) seen.traced += 1
  if (String(baggage).includes('tenant.id=acme')) seen.withTenant += 1
}

function createChannel() {
  const connection = createConnection()
  const channel = new Channel(connection)
  channel.ch = 1
  return channel
}

/** Publishes one message. */
exports.openSender = async (wrap) => {
  const channel = wrap(createChannel())
  const content = Buffer.from('{"id":7}')
  return { seen, step: () => channel.sendToQueue('orders', content, { persistent: true }) }
}

/** Handles and acknowledges one message, with these headers. */
exports.openHandler = async (wrap, headers, onMessage) => {
  const bare = createChannel()
  const channel = wrap(bare)
  const consuming = channel.consume('orders', async (message) => {
    await onMessage(message)
    channel.ack(message)
  })
  bare.accept({ id: defs.BasicConsumeOk, fields: { consumerTag: 'bench' } })
  await consuming
  const content = Buffer.from('{"id":7}')
  let deliveryTag = 0
  return {
    seen,
    step: async () => {
      deliveryTag += 1
      const fields = { consumerTag: 'bench', deliveryTag, redelivered: false, exchange: '' }
      bare.dispatchMessage(
        { ...fields, routingKey: 'orders' },
        {
          fields: { ...fields, routingKey: 'orders' },
          properties: { headers: { ...headers } },
          content,
        },
      )
      // The handler, and then what it has to acknowledge.
      await undefined
      await undefined
    },
  }
}
