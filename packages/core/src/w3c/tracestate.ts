import type { TraceState } from '@opentelemetry/api'
import { elementEnd, OWS, STATE_KEY, STATE_VALUE, skip, trimEnd } from './octets.ts'

const MAX_MEMBERS = 32
const MAX_KEY = 256
const MAX_VALUE = 256
const MAX_LENGTH = 512
const LONG_MEMBER = 128
const SPACE = 0x20

interface Member {
  readonly key: string
  readonly text: string
}

/**
 * Reads a `tracestate` header, all its lines joined by commas.
 *
 * The whole list is discarded (undefined) when any member is illegal or there are more than 32 of
 * them, empty ones included, as the grammar counts them; so is a list without members. Of members
 * with one key the left-most stays: it is the newest.
 *
 * W3C Trace Context Level 2, section "tracestate Header Field Values".
 */
export function parseTracestate(header: string): TraceState | undefined {
  if (header !== lastHeader) {
    lastState = readTracestate(header)
    lastHeader = header
  }
  return lastState
}

// A caller mostly sends the same list again, and a list never changes.
let lastHeader: string | undefined
let lastState: TraceState | undefined

function readTracestate(header: string): TraceState | undefined {
  const members = readMembers(header, false)
  if (members === undefined || members.length === 0) return undefined
  // Where nothing was left out, it is written as it came.
  const length = members.reduce((sum, { text }) => sum + text.length + 1, -1)
  return new ReadTraceState(members, length === header.length ? header : undefined)
}

/** An empty list. It never changes: `set` and `unset` return another one. */
export function createTracestate(): TraceState {
  return stateOf([])
}

/**
 * Writes a `tracestate` header of at most 32 members and 512 characters, or undefined when there is
 * nothing to send.
 *
 * Over 512 characters whole members go, one by one until the rest fits: first those longer than 128
 * characters, then any, each time from the right, where the oldest are (W3C Trace Context, section
 * "tracestate Limits"). The state may come from any implementation; one that does not serialize to
 * a legal list is not sent.
 */
export function formatTracestate(state: TraceState): string | undefined {
  if (state instanceof ReadTraceState && state.header !== undefined) {
    if (state.header.length <= MAX_LENGTH) return state.header
  }
  const members = readMembers(state.serialize(), true)
  return members === undefined ? undefined : fit(members.map(textOf)).join() || undefined
}

function fit(texts: string[]): string[] {
  let length = texts.reduce((sum, text) => sum + text.length + 1, -1)
  for (const longer of [LONG_MEMBER, 0]) {
    for (let i = texts.length - 1; i >= 0 && length > MAX_LENGTH; i--) {
      const size = texts[i]?.length ?? 0
      if (size <= longer) continue
      texts.splice(i, 1)
      length -= size + 1
    }
  }
  return texts
}

function stateOf(members: readonly Member[]): TraceState {
  return new ReadTraceState(members, undefined)
}

class ReadTraceState implements TraceState {
  private readonly members: readonly Member[]
  /** What it was read from, where that says the same. */
  readonly header: string | undefined

  constructor(members: readonly Member[], header: string | undefined) {
    this.members = members
    this.header = header
  }

  get(key: string): string | undefined {
    return this.members.find((member) => member.key === key)?.text.slice(key.length + 1)
  }

  set(key: string, value: string): TraceState {
    const text = `${key}=${value}`
    if (!isMember(text, 0, key.length, text.length)) return this
    return stateOf([{ key, text }, ...without(this.members, key)].slice(0, MAX_MEMBERS))
  }

  unset(key: string): TraceState {
    return has(this.members, key) ? stateOf(without(this.members, key)) : this
  }

  serialize(): string {
    return this.header ?? this.members.map(textOf).join()
  }
}

function has(members: readonly Member[], key: string): boolean {
  return members.some((member) => member.key === key)
}

function without(members: readonly Member[], key: string): Member[] {
  return members.filter((member) => member.key !== key)
}

function textOf(member: Member): string {
  return member.text
}

function readMembers(header: string, truncate: boolean): Member[] | undefined {
  const members: Member[] = []
  let position = 0
  for (let count = 0; position <= header.length; count++) {
    if (count === MAX_MEMBERS) return truncate ? members : undefined
    const end = elementEnd(header, position)
    const start = skip(header, OWS, position, end)
    if (start < end) {
      const member = readMember(header, start, trimEnd(header, start, end))
      if (member === undefined) return undefined
      if (!has(members, member.key)) members.push(member)
    }
    position = end + 1
  }
  return members
}

function readMember(header: string, start: number, end: number): Member | undefined {
  const equals = header.indexOf('=', start)
  if (!isMember(header, start, equals, end)) return undefined
  return { key: header.slice(start, equals), text: header.slice(start, end) }
}

function isMember(text: string, start: number, equals: number, end: number): boolean {
  const keyLength = equals - start
  const valueLength = end - equals - 1
  return (
    keyLength > 0 &&
    keyLength <= MAX_KEY &&
    valueLength > 0 &&
    valueLength <= MAX_VALUE &&
    isLowerAlphanumeric(text.charCodeAt(start)) &&
    skip(text, STATE_KEY, start, equals) === equals &&
    skip(text, STATE_VALUE, equals + 1, end) === end &&
    text.charCodeAt(end - 1) !== SPACE
  )
}

function isLowerAlphanumeric(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39)
}
