import { createRecorder, type Recorder } from '@callchain/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { MongoClient } from 'mongodb'
import { traceMongo } from '../src/mongodb.ts'

// The server of the tests has no bulk write of a client's, so these are the driver's events alone.
describe('traceMongo() and the events of a bulk write', () => {
  let recorder: Recorder
  let client: MongoClient
  beforeEach(() => {
    recorder = createRecorder()
    client = traceMongo(new MongoClient('mongodb://127.0.0.1:1/', { monitorCommands: true }))
  })
  afterEach(async () => {
    await recorder.settled()
    await recorder.shutdown()
  })

  function answer(commandName: string, command: object, reply: object): void {
    const event = { requestId: 1, address: '127.0.0.1:27017', databaseName: 'admin', commandName }
    client.emit('commandStarted', { ...event, command } as never)
    client.emit('commandSucceeded', { ...event, reply } as never)
  }
  const ops = [{ insert: 0 }, { insert: 0 }]
  const refused = { ok: 0, idx: 1, code: 11000, n: 0 }
  const ns = 'admin.$cmd.bulkWrite'

  it('says how many writes it has, to what, and which was refused', () => {
    const reply = { ok: 1, nErrors: 1, cursor: { id: 0, ns, firstBatch: [{ ok: 1 }, refused] } }
    answer('bulkWrite', { bulkWrite: 1, ops, nsInfo: [{ ns: 'shop.items' }] }, reply)
    const [span] = recorder.spans()
    expect(span?.name).toBe('bulkWrite items')
    expect(span?.attributes).toMatchObject({
      'db.namespace': 'shop',
      'db.operation.batch.size': 2,
      'error.type': '11000',
    })
  })

  it('finds what was refused in a later page, which is of no collection', () => {
    const reply = { ok: 1, cursor: { id: 0, ns, nextBatch: [refused] } }
    answer('getMore', { getMore: 1, collection: '$cmd.bulkWrite' }, reply)
    const [span] = recorder.spans()
    expect(span?.attributes['error.type']).toBe('11000')
    expect(span?.attributes).not.toHaveProperty(['db.collection.name'])
  })

  it('takes no document of an application for a refusal', () => {
    const reply = { ok: 1, cursor: { id: 0, ns: 'shop.items', firstBatch: [refused] } }
    answer('find', { find: 'items' }, reply)
    expect(recorder.spans()[0]?.status.code).toBe(0)
  })

  it('marks a write that was not made durable as asked', () => {
    const writeConcernError = { code: 64, errmsg: 'waiting for replication timed out' }
    answer('insert', { insert: 'items' }, { ok: 1, n: 1, writeErrors: [], writeConcernError })
    expect(recorder.spans()[0]?.attributes['error.type']).toBe('64')
  })
})
