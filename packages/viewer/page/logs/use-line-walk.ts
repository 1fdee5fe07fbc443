import { useMemo, useState } from 'preact/hooks'
import type { LogLine } from '../../src/contract/logs.ts'
import { focusRow } from '../lists/focus-row.ts'
import { type KeyMap, useKeys } from '../navigation/keys.ts'
import { go } from '../navigation/route.ts'
import { walkKeys } from '../navigation/walk-keys.ts'
import { pathToSpan, rowKey } from './log-row.tsx'

/** The line that the keys are at, and whether its fields are shown. */
export interface LineWalk {
  readonly active: LogLine | undefined
  readonly index: number
  readonly isOpen: boolean
  readonly pick: (line: LogLine) => void
  readonly focus: (line: LogLine) => void
  readonly close: () => void
}

/** Keys over log lines: j and k walk, Enter opens the fields, t the trace, Escape closes. */
export function useLineWalk(logs: readonly LogLine[]): LineWalk {
  const [active, setActive] = useState<LogLine>()
  const [isOpen, setOpen] = useState(false)
  const index = logs.findIndex(({ id }) => id === active?.id)
  const walk = (to: number) => {
    const line = logs[to]
    if (!line) return
    setActive(line)
    focusRow(rowKey(line))
  }
  const close = () => {
    setOpen(false)
    if (active) focusRow(rowKey(active))
  }
  const pick = (line: LogLine) => {
    setOpen(!(isOpen && line.id === active?.id))
    setActive(line)
  }
  const keys = useMemo(
    () => ({
      ...walkKeys(logs.length, index, walk),
      ...(active ? keysOfLine(active, pick) : {}),
      ...(isOpen ? { Escape: close } : {}),
    }),
    [logs, index, active, isOpen],
  )
  useKeys(keys)
  // With the fields open, a press on another row would choose it before the click does.
  const focus = (line: LogLine) => {
    if (!isOpen) setActive(line)
  }
  return { active, index, isOpen, pick, focus, close }
}

function keysOfLine(line: LogLine, pick: (line: LogLine) => void): KeyMap {
  const trace = pathToSpan(line)
  return {
    Enter: () => pick(line),
    ...(trace === undefined ? {} : { t: () => go(trace) }),
  }
}
