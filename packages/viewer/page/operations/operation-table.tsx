import type { JSX } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import type { Operation } from '../../src/contract/figures.ts'
import { focusRow } from '../lists/focus-row.ts'
import { SortHeader } from '../lists/sort-header.tsx'
import { WindowList } from '../lists/window-list.tsx'
import { type KeyMap, useKeys } from '../navigation/keys.ts'
import { go } from '../navigation/route.ts'
import { walkKeys } from '../navigation/walk-keys.ts'
import { OperationRow, tracesOf } from './operation-row.tsx'

const columns: readonly (readonly [words: string, sort: keyof Operation])[] = [
  ['Service', 'service'],
  ['Operation', 'name'],
  ['Calls', 'count'],
  ['Rate', 'rate'],
  ['Errors', 'errorRate'],
  ['p50', 'p50'],
  ['p95', 'p95'],
  ['p99', 'p99'],
  ['Max', 'max'],
  ['Total', 'total'],
]

interface OperationTableProps {
  readonly operations: readonly Operation[]
  readonly sort: keyof Operation
  readonly isUp: boolean
}

/** A row for each operation; j and k walk, Enter opens its traces. */
export function OperationTable({ operations, sort, isUp }: OperationTableProps): JSX.Element {
  const [active, setActive] = useState('')
  const index = operations.findIndex((each) => keyOf(each) === active)
  const slowest = Math.max(0.001, ...operations.map(({ p95 }) => p95))
  const walk = (to: number) => {
    const key = keyOf(operations[to])
    setActive(key)
    focusRow(key)
  }
  useKeys(useMemo(() => tableKeys(operations, index, walk), [operations, index]))
  return (
    <div
      class="table operations"
      onFocusIn={(event) => setActive(keyUnder(event.target) ?? active)}
    >
      <Head sort={sort} isUp={isUp} />
      <WindowList
        count={operations.length}
        rowHeight={40}
        label="Operations"
        active={index}
        keyOf={(at) => keyOf(operations[at])}
        render={(at) => {
          const operation = operations[at]
          const id = keyOf(operation)
          return (
            operation && (
              <OperationRow
                operation={operation}
                slowest={slowest}
                id={id}
                isActive={id === active}
                isStop={at === Math.max(0, index)}
              />
            )
          )
        }}
      />
    </div>
  )
}

function tableKeys(
  operations: readonly Operation[],
  index: number,
  walk: (to: number) => void,
): KeyMap {
  return {
    ...walkKeys(operations.length, index, walk),
    Enter: () => {
      const operation = operations[index]
      if (operation) go(tracesOf(operation))
    },
  }
}

function Head(order: { sort: keyof Operation; isUp: boolean }): JSX.Element {
  return (
    <div class="table-head operation-columns">
      {columns.map(([words, name]) => (
        <SortHeader key={name} words={words} name={name} usual="total" {...order} />
      ))}
      <span>Over time</span>
    </div>
  )
}

function keyOf(operation: Operation | undefined): string {
  return operation ? `${operation.service}\n${operation.name}\n${operation.kind}` : ''
}

/** The key of the row that holds this element. */
function keyUnder(target: EventTarget | null): string | undefined {
  if (!(target instanceof Element)) return undefined
  return target.closest('.row')?.querySelector<HTMLElement>('[data-key]')?.dataset.key
}
