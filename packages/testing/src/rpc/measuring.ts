import assert from 'node:assert/strict'
import type { Attributes } from '@opentelemetry/api'
import { SpanKind } from '@opentelemetry/api'
import { createMetricRecorder } from '../metric-recorder.ts'
import type { RpcPromise } from './rpc-promise.ts'
import { RpcFailure, type RpcStage, type StagedServer } from './stage.ts'

const FAILING: NonNullable<StagedServer['handlers']> = {
  unary: async (text) => {
    if (text === 'OK') return text
    throw new RpcFailure(text)
  },
}

async function measured(
  name: string,
  stage: RpcStage,
  options: NonNullable<StagedServer['options']> = {},
): Promise<Attributes[]> {
  const metrics = createMetricRecorder()
  try {
    const { target } = await stage.serve({ handlers: FAILING, options })
    const caller = stage.connect(target)
    for (const status of ['OK', 'NOT_FOUND', 'INTERNAL']) await caller.unary(status)
    await stage.spansOf(SpanKind.CLIENT, 3)
    const points = await metrics.points(name)
    for (const { boundaries, count } of points) assert.deepEqual([boundaries[0], count], [0.005, 1])
    return points.map(({ attributes }) => attributes)
  } finally {
    await metrics.shutdown()
  }
}

/** Promises about what is measured. */
export const measuring: readonly RpcPromise[] = [
  {
    name: 'measures how long a server takes, by method and status',
    check: async (stage) => {
      const { system, service } = stage.system
      const shared = { 'rpc.system.name': system, 'rpc.method': `${service}/Unary` }
      assert.deepEqual(await measured('rpc.server.call.duration', stage), [
        { ...shared, 'rpc.response.status_code': 'OK' },
        { ...shared, 'rpc.response.status_code': 'NOT_FOUND' },
        { ...shared, 'rpc.response.status_code': 'INTERNAL', 'error.type': 'INTERNAL' },
      ])
    },
  },
  {
    name: 'leaves out what the application does not want to be measured',
    check: async (stage) => {
      const options = { recordDuration: () => false }
      assert.deepEqual(await measured('rpc.server.call.duration', stage, options), [])
    },
  },
  {
    name: 'measures how long a client waits, by method, status and server',
    check: async (stage) => {
      const { system, service } = stage.system
      const points = await measured('rpc.client.call.duration', stage)
      assert.deepEqual(
        points.map((attributes) => [
          attributes['rpc.system.name'],
          attributes['rpc.method'],
          attributes['server.address'],
          attributes['rpc.response.status_code'],
          attributes['error.type'],
        ]),
        [
          [system, `${service}/Unary`, '127.0.0.1', 'OK', undefined],
          [system, `${service}/Unary`, '127.0.0.1', 'NOT_FOUND', 'NOT_FOUND'],
          [system, `${service}/Unary`, '127.0.0.1', 'INTERNAL', 'INTERNAL'],
        ],
      )
    },
  },
]
