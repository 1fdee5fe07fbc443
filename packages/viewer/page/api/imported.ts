import type { ImportResult } from '../../src/contract/transfer.ts'
import { plural } from '../format/number.ts'
import type { Answer } from './client.ts'

/** What has become of the files that were imported, each with its answer: a sentence for all that was read, and one for each that had faults. */
export function saidOfImport(
  files: readonly { readonly name: string; readonly answer: Answer<ImportResult> }[],
): string {
  const spans = files.reduce((sum, { answer }) => sum + (answer.value?.spans ?? 0), 0)
  const logs = files.reduce((sum, { answer }) => sum + (answer.value?.logs ?? 0), 0)
  const faults = files.flatMap(({ name, answer }) => {
    const fault = answer.refusal?.message ?? answer.value?.warning
    return fault === undefined ? [] : [`${name}: ${fault.replace(/\.?$/, '.')}`]
  })
  return [`${readOf(spans, logs)}.`, ...faults].join(' ')
}

function readOf(spans: number, logs: number): string {
  if (spans + logs === 0) return 'Nothing was imported'
  const parts = [
    ...(spans > 0 ? [plural(spans, 'span')] : []),
    ...(logs > 0 ? [plural(logs, 'log line')] : []),
  ]
  return `${parts.join(' and ')} read`
}
