import { ERROR } from '../model/rows.ts'
import type { MemoryStore } from '../store/memory-store.ts'
import { summaryOf } from '../trace/span-type.ts'
import type { TraceRecord } from '../trace/trace-record.ts'
import { describeMessage } from './describe-message.ts'
import type { FoldedRow } from './fold-repeated.ts'
import { millis, plain } from './markdown-text.ts'
import type { TreeNode } from './span-tree.ts'

/** A span, or how many of the same there were and what they took together. */
export function rowLine(
  { node, count, total }: FoldedRow,
  record: TraceRecord,
  store: MemoryStore,
): string {
  const line = spanLine(node, record, store)
  return count === 1 ? line : `${line}, ${count} times in a row, ${millis(total / 1e6)} in all`
}

function spanLine(
  { span, depth, stretch }: TreeNode,
  record: TraceRecord,
  store: MemoryStore,
): string {
  const { name, resource } = span
  const summary = summaryOf(span)
  const extra = name.includes(summary) ? '' : ` (${plain(summary, 120)})`
  const mark = span.status === ERROR ? ' **error**' : ''
  const when = `at ${millis(stretch.from / 1e6)}`
  const indent = '  '.repeat(Math.min(depth, 40))
  const took = millis(span.duration / 1e6)
  const waited = describeMessage(span, record, store)?.waited
  const wait = waited === undefined ? '' : `, waited ${millis(waited)} in the queue`
  return `${indent}- ${plain(resource.service, 60)} ${plain(name, 200)}${extra}: ${took} ${when}${wait}${mark}`
}
