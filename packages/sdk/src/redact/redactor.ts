import { createHmac } from 'node:crypto'
import { KeyRule } from './key-rule.ts'
import type { KeyDecision } from './key-rules.ts'
import type { RedactionReport } from './redaction-report.ts'
import { REDACTED } from './shapes.ts'
import type { TextRedactor } from './text-redactor.ts'

/** Attributes after redaction. */
export interface Redacted {
  readonly keys: string[]
  readonly values: unknown[]
}

/** What a redactor is made of. */
export interface RedactorParts {
  readonly decide: (key: string) => KeyDecision
  readonly texts: TextRedactor
  readonly hashKey: string | Uint8Array | undefined
  readonly report: RedactionReport
}

/** What takes the place of a value that does not go out at all. */
export const GONE: unique symbol = Symbol('gone')

/** Most keys whose rule is kept; a program may make keys up. */
const MAX_KEPT_KEYS = 1024
/** As many attributes of a span mostly have the keys of the span of its kind before it. */
const MAX_REPEATED = 64
/** Bounds the nesting of a value. What is deeper does not go out. */
const MAX_DEPTH = 32
const MAX_HASHES = 1000
/** Longest trace state that is remembered: as many characters as are sent on. */
const MAX_KEPT_STATE = 512

/** Applies one table of rules to attributes and texts. */
export class Redactor {
  private readonly parts: RedactorParts
  private readonly rules = new Map<string, KeyRule>()
  private readonly repeated: KeyRule[][] = Array.from({ length: 8 }, () => [])
  private readonly hashes = new Map<string, string>()
  private cleanState: string | undefined

  constructor(parts: RedactorParts) {
    this.parts = parts
  }

  /** A text of a key, such as a span's name; the empty text where it does not go out. */
  text(key: string, text: string): string {
    const value = this.value(this.ruleOf(key), text, 0)
    return typeof value === 'string' ? value : ''
  }

  /**
   * Attributes as they may go out; undefined if all of them may as they are. `kind` is any number:
   * those of one kind mostly have the same keys.
   */
  attributes(
    keys: readonly string[],
    values: readonly unknown[],
    kind: number,
  ): Redacted | undefined {
    const repeated = this.repeated[kind & 7] ?? []
    for (let index = 0; index < keys.length; index++) {
      const key = keys[index] ?? ''
      const value = values[index]
      let rule = repeated[index]
      if (rule === undefined || rule.key !== key) {
        rule = this.ruleOf(key)
        if (index <= repeated.length && index < MAX_REPEATED) repeated[index] = rule
      }
      if (rule.passes(value)) continue
      const struck = this.value(rule, value, 0)
      if (struck !== value || rule.sentKey !== key) {
        return this.from(index, rule, struck, keys, values)
      }
    }
    return undefined
  }

  /** Whether this trace state is the last one that had nothing to strike out. */
  isKnownClean(state: string): boolean {
    return state === this.cleanState
  }

  /** Remembers a trace state that had nothing to strike out. */
  foundClean(state: string): void {
    if (this.parts.texts.isPure && state.length <= MAX_KEPT_STATE) this.cleanState = state
  }

  /** All attributes, of which those before `first` go out as they are. */
  private from(
    first: number,
    firstRule: KeyRule,
    firstValue: unknown,
    keys: readonly string[],
    values: readonly unknown[],
  ): Redacted {
    const sent: Redacted = { keys: keys.slice(0, first), values: values.slice(0, first) }
    for (let index = first; index < keys.length; index++) {
      const rule = index === first ? firstRule : this.ruleOf(keys[index] ?? '')
      const value = index === first ? firstValue : this.value(rule, values[index], 0)
      if (value === GONE) continue
      sent.keys.push(rule.sentKey)
      sent.values.push(value)
    }
    return sent
  }

  /** A value of a rule's key as it may go out, the same one if it may as it is; `GONE` if it may not. */
  private value(rule: KeyRule, value: unknown, depth: number): unknown {
    if (value === undefined || value === null) return value
    const { action, pattern } = rule.decision
    if (action === 'keep') return value
    if (action === 'scan') return this.scanned(rule, value, depth)
    this.parts.report.struck(pattern)
    if (action === 'drop') return GONE
    if (Array.isArray(value)) return value.map((item) => this.value(rule, item, depth))
    return action === 'hash' ? this.hashed(value) : REDACTED
  }

  private scanned(rule: KeyRule, value: unknown, depth: number): unknown {
    if (typeof value === 'string') return this.scannedText(rule, value)
    if (typeof value === 'number') return this.scannedNumber(rule, value)
    if (typeof value !== 'object' || value === null) return value
    return depth >= MAX_DEPTH ? REDACTED : this.inside(rule, value, depth + 1)
  }

  private scannedText(rule: KeyRule, value: string): unknown {
    if (value === rule.lastClean) return value
    const { texts } = this.parts
    const struck = texts.strike(value, rule.key)
    if (struck === value && texts.isPure) rule.found(value)
    return struck ?? GONE
  }

  private scannedNumber(rule: KeyRule, value: number): unknown {
    const { texts } = this.parts
    if (!texts.readsNumbers) return value
    const text = String(value)
    const struck = texts.strike(text, rule.key)
    return struck === text ? value : (struck ?? GONE)
  }

  private inside(rule: KeyRule, value: object, depth: number): unknown {
    if (Array.isArray(value)) {
      const items = value.map((item) => this.value(rule, item, depth))
      if (items.every((item, index) => item === value[index])) return value
      return items.filter((item) => item !== GONE)
    }
    if (value instanceof Uint8Array) {
      const text = Buffer.from(value).toString('latin1')
      return this.parts.texts.strike(text, rule.key) === text ? value : REDACTED
    }
    const entries: [string, unknown][] = value instanceof Map ? [...value] : Object.entries(value)
    let changed = false
    const sent: [string, unknown][] = []
    for (const [name, item] of entries) {
      const inner = this.ruleOf(`${rule.key}.${name}`)
      const struck = this.value(inner, item, depth)
      const sentName = inner.sentKey === inner.key ? name : REDACTED
      changed ||= struck !== item || sentName !== name
      if (struck !== GONE) sent.push([sentName, struck])
    }
    if (!changed) return value
    return value instanceof Map ? new Map(sent) : Object.fromEntries(sent)
  }

  /** As `hash` of an identity field has it, so that a search finds both. */
  private hashed(value: unknown): string {
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
    const known = this.hashes.get(text)
    if (known !== undefined) return known
    const { hashKey } = this.parts
    if (hashKey === undefined) return REDACTED
    const hash = createHmac('sha256', hashKey).update(text).digest('hex')
    if (this.hashes.size >= MAX_HASHES) this.hashes.clear()
    this.hashes.set(text, hash)
    return hash
  }

  private ruleOf(key: string): KeyRule {
    const known = this.rules.get(key)
    if (known !== undefined) return known
    const { decide, texts } = this.parts
    const decision = decide(key)
    // Somebody may have put a value where its name belongs.
    const sentKey = decision.action === 'keep' ? key : (texts.strike(key, 'attribute.key') ?? '')
    const rule = new KeyRule(key, sentKey, decision, texts.readsNumbers)
    if (this.rules.size < MAX_KEPT_KEYS) this.rules.set(key, rule)
    return rule
  }
}
