import type { Span } from '../../src/contract/trace.ts'
import { duration } from '../format/duration.ts'
import { element } from '../ui/element.ts'
import { linkWords } from './link-words.ts'
import { createSpanBar } from './span-bar.ts'
import { createSpanName } from './span-name.ts'
import type { Waterfall } from './waterfall.ts'

/** One row of the waterfall; it is made once and shows one span after another. */
export interface SpanRow {
  readonly element: HTMLElement
  readonly show: (waterfall: Waterfall, at: number) => void
}

/** Makes a row: a span's name under its parent's, its bar on the time axis. */
export function createSpanRow(): SpanRow {
  const name = createSpanName()
  const bar = createSpanBar()
  const row = element('div', 'pooled-row span-row', name.element, bar.element)
  row.setAttribute('role', 'treeitem')
  return {
    element: row,
    show(waterfall, at) {
      const span = waterfall.rows[at]
      if (!span) return
      describe(row, span, waterfall, at === 0)
      name.show(span, waterfall)
      bar.show(span, waterfall)
    },
  }
}

function describe(row: HTMLElement, span: Span, waterfall: Waterfall, isFirst: boolean): void {
  const isChosen = span.id === waterfall.chosen
  const isFound = waterfall.found.has(span.id)
  row.className = `pooled-row span-row${isChosen ? ' chosen' : ''}${isFound ? ' found' : ''}`
  row.dataset.key = span.id
  row.tabIndex = isChosen || isFirst ? 0 : -1
  row.ariaLevel = `${span.depth - waterfall.above + 1}`
  row.ariaSelected = `${isChosen}`
  row.ariaExpanded = span.descendants > 0 ? `${!waterfall.collapsed.has(span.id)}` : null
  row.ariaLabel = labelOf(span)
}

function labelOf(span: Span): string {
  const { message, linked } = span
  return [
    `${span.service} ${span.name}`,
    duration(span.duration),
    ...(message?.waited ? [`waited ${duration(message.waited)} in the queue`] : []),
    ...(linked ? [linkWords(linked).long] : []),
    ...(span.status === 'error' ? ['error'] : []),
  ].join(', ')
}
