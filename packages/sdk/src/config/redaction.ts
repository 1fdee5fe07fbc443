import type { Environment } from './environment.ts'
import type { RedactAction, RedactOptions, RedactShape, StartTracingOptions } from './options.ts'

/** The rules of the exit, complete. */
export interface RedactionSettings {
  readonly keys: Readonly<Record<string, RedactAction>>
  readonly shapes: readonly RedactShape[]
  readonly queryNames: readonly string[]
  readonly hashKey: string | Uint8Array | undefined
  readonly custom?: RedactOptions['custom']
  readonly dryRun: boolean
}

/** What can be done with a value, in the order in which messages list it. */
export const REDACT_ACTIONS: readonly RedactAction[] = ['keep', 'mask', 'drop', 'hash']

/** The shapes, in the order in which messages list them and texts are searched for them. */
export const REDACT_SHAPES: readonly RedactShape[] = [
  'private-key',
  'jwt',
  'bearer',
  'token',
  'url',
  'assignment',
  'card',
  'iban',
  'email',
]

const DEFAULT_SHAPES: readonly RedactShape[] = REDACT_SHAPES.slice(0, 6)

/** What is struck out: from the options, else from `CALLCHAIN_REDACT_*`, else the defaults; undefined for nothing. */
export function readRedaction(
  { redact }: StartTracingOptions,
  environment: Environment,
): RedactionSettings | undefined {
  const isOn = environment.flag('CALLCHAIN_REDACT', true)
  if (redact === false || (redact === undefined && isOn === false)) return undefined
  const { keys, shapes, queryNames, hashKey, custom, dryRun = false } = redact ?? {}
  const key = hashKey ?? environment.text('CALLCHAIN_REDACT_HASH_KEY')
  const asked = shapes ?? readShapes(environment)
  return {
    keys: keys ?? readKeys(environment, key !== undefined),
    shapes: REDACT_SHAPES.filter((name) => asked.includes(name)),
    queryNames: queryNames ?? environment.list('CALLCHAIN_REDACT_QUERY_NAMES') ?? [],
    hashKey: key,
    ...(custom !== undefined && { custom }),
    dryRun,
  }
}

function readShapes(environment: Environment): readonly RedactShape[] {
  const words = environment.list('CALLCHAIN_REDACT_SHAPES')
  if (words === undefined) return DEFAULT_SHAPES
  const names = words.filter((word): word is RedactShape =>
    REDACT_SHAPES.some((name) => name === word),
  )
  if (names.length === words.length) return names
  const allowed = `a list of ${REDACT_SHAPES.join(', ')}`
  environment.reject('CALLCHAIN_REDACT_SHAPES', words.join(','), allowed, DEFAULT_SHAPES.join(','))
  return DEFAULT_SHAPES
}

function readKeys(environment: Environment, canHash: boolean): Record<string, RedactAction> {
  const keys: Record<string, RedactAction> = {}
  for (const [key, word] of Object.entries(environment.pairs('CALLCHAIN_REDACT_KEYS', false))) {
    const action = REDACT_ACTIONS.find((name) => name === word)
    const isDone = action !== undefined && (action !== 'hash' || canHash)
    // Whoever names a key does not want its values to be seen.
    keys[key] = isDone ? action : 'mask'
    if (isDone) continue
    const allowed =
      action === undefined
        ? `one of ${REDACT_ACTIONS.join(', ')}`
        : 'possible without CALLCHAIN_REDACT_HASH_KEY'
    environment.reject(`${key} of CALLCHAIN_REDACT_KEYS`, word, allowed, 'mask')
  }
  return keys
}
