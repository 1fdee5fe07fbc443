import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { RecordedChain, RecordedSpan } from '@callchain/viewer'
import { loadViewer } from '../lazy/dependencies.cts'
import { hostOf, isCall } from './chain-line.ts'
import type { ChainSpan } from './chain-span.ts'
import type { Chain } from './make-chain.ts'

const MAX_BYTES = 64 * 1024 * 1024
let written = 0

/**
 * Appends the chain to a file of this process in the folder that `CALLCHAIN_RECORD` names, for
 * `callchain diff`. Nothing of a request's values is in it. A process writes at most 64 MiB.
 */
export function writeRecord(chain: Chain): void {
  const folder = process.env.CALLCHAIN_RECORD
  if (folder === undefined || folder === '' || written > MAX_BYTES) return
  const recorded: RecordedChain = {
    callchain: 1,
    test: currentTest(),
    spans: chain.roots.map(recordedSpan),
  }
  const line = `${JSON.stringify(recorded)}\n`
  written += Buffer.byteLength(line)
  if (written > MAX_BYTES) {
    process.stderr.write(
      `callchain: CALLCHAIN_RECORD has written 64 MiB; later chains of this process are left out\n`,
    )
    return
  }
  try {
    mkdirSync(folder, { recursive: true })
    appendFileSync(join(folder, `${process.pid}.ndjson`), line)
  } catch (error) {
    throw new Error(`callchain: CALLCHAIN_RECORD cannot write to the folder ${folder}`, {
      cause: error,
    })
  }
}

function recordedSpan(span: ChainSpan): RecordedSpan {
  const { name, kind, service, statement, status, attributes, duration, children } = span
  const type = attributes['error.type'] ?? attributes['exception.type']
  return {
    ...{ name, kind, service, tenant: attributes['tenant.id'] !== undefined, duration },
    ...(isCall(span) ? { host: hostOf(span) } : {}),
    ...(statement === '' ? {} : { statement: loadViewer().normaliseStatement(statement) }),
    ...(status === 'error' ? { error: type === undefined ? 'failed' : String(type) } : {}),
    children: children.map(recordedSpan),
  }
}

/** The name of the test that runs, where Jest or Vitest says it. */
function currentTest(): string {
  const { expect } = globalThis as {
    expect?: { getState?: () => { currentTestName?: string } }
  }
  return expect?.getState?.().currentTestName ?? ''
}
