import { createRecorder } from '@callchain/testing'
import { describe, expect, it } from '@jest/globals'
import { trace } from '@opentelemetry/api'
import mongoose from 'mongoose'
import { traceMongo } from '../src/mongodb.ts'

describe('mongoose on a traced client', () => {
  it('puts each command under the request that sent it', async () => {
    const recorder = createRecorder()
    const url = process.env.MONGODB_URL ?? 'mongodb://127.0.0.1/'
    const connection = mongoose.createConnection(url, {
      monitorCommands: true,
      maxPoolSize: 1,
      autoCreate: false,
      autoIndex: false,
      dbName: 'shop',
    })
    await connection.asPromise()
    traceMongo(connection.getClient())
    const Customer = connection.model('Customer', new mongoose.Schema({ city: String }))
    await Promise.all(
      ['a', 'b', 'c'].map((city) =>
        trace.getTracer('test').startActiveSpan(city, async (request) => {
          await Customer.findOne({ city })
          request.end()
        }),
      ),
    )
    await connection.close()
    const commands = recorder.spans().filter(({ name }) => name === 'find customers')
    const requests = recorder.spans().filter(({ name }) => /^[abc]$/.test(name))
    expect(commands.map((span) => span.parentSpanContext?.spanId).toSorted()).toEqual(
      requests.map((span) => span.spanContext().spanId).toSorted(),
    )
    await recorder.shutdown()
  })
})
