import type { RedactionSettings } from '../config/redaction.ts'
import type { FaultReport } from '../report/fault-report.ts'
import type { RedactionReport } from './redaction-report.ts'
import { REDACTED, SHAPES, type Shape } from './shapes.ts'
import { createUrlShape } from './url-shape.ts'

/** Strikes secrets out of texts by their shapes, and by a function of the application's. */
export interface TextRedactor {
  /** Whether the same text always comes out the same, so that a clean one need not be looked at again. */
  readonly isPure: boolean
  /** Whether numbers are looked at, too. */
  readonly readsNumbers: boolean
  /** The text of a key as it may go out; undefined when the application's function takes it away. */
  strike(text: string, key: string): string | undefined
}

/** What a redactor of texts is made of. */
export type TextRules = Pick<RedactionSettings, 'shapes' | 'queryNames' | 'custom'>

const QUERY_KEYS: ReadonlySet<string> = new Set(['url.query', 'http.query'])

/** A redactor that tells `report` of what it finds, and `faults` of what the application's function throws. */
export function createTextRedactor(
  rules: TextRules,
  report: RedactionReport,
  faults: FaultReport,
): TextRedactor {
  const url = createUrlShape(rules.queryNames)
  const asked = [...new Set(rules.shapes)].map((name): readonly [string, Shape] => [
    name,
    name === 'url' ? url : SHAPES[name],
  ])
  const shapes = asked.map(([name, shape]) => ({ name, shape, trigger: new RegExp(shape.trigger) }))
  // Nothing matches where there is no shape.
  const any = new RegExp(asked.map(([, { trigger }]) => trigger).join('|') || '(?!)')
  const readsUrls = rules.shapes.includes('url')
  const { custom } = rules

  const strikeOne = (name: string, text: string, strike: (text: string) => string): string => {
    const struck = strike(text)
    if (struck !== text) report.struck(name)
    return struck
  }
  const byShape = (text: string, key: string): string => {
    let rest = text
    if (readsUrls && QUERY_KEYS.has(key)) rest = strikeOne('url', rest, url.query)
    if (!any.test(rest)) return rest
    for (const { name, shape, trigger } of shapes) {
      if (trigger.test(rest)) rest = strikeOne(name, rest, shape.strike)
    }
    return rest
  }
  const byFunction = (text: string, key: string): string | undefined => {
    // What it throws on may be the secret.
    let answer: unknown = REDACTED
    faults.guard(() => {
      answer = custom?.(text, key)
      if (answer !== undefined && typeof answer !== 'string') {
        answer = REDACTED
        throw new TypeError('it gave neither a text nor undefined')
      }
    })
    if (answer !== text) report.struck('custom')
    return typeof answer === 'string' ? answer : undefined
  }

  return {
    isPure: custom === undefined,
    readsNumbers: rules.shapes.includes('card') || custom !== undefined,
    strike(text, key) {
      const rest = byShape(text, key)
      return custom === undefined ? rest : byFunction(rest, key)
    },
  }
}
