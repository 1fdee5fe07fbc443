import { IDENTITY_FIELDS } from '../otel/shared-keys.ts'
import { defineIdentity, type IdentityDefinition, type IdentityFieldOptions } from './definition.ts'

interface Registry {
  /** By index; a scope keeps its values in the same order. */
  readonly fields: IdentityDefinition[]
  /** The built-in fields that were not declared again so far. */
  readonly builtIn: Set<string>
}

/** The declared fields of this process: one list, also when a package is loaded twice (ESM and CommonJS). */
export function identityFields(): readonly IdentityDefinition[] {
  return registry().fields
}

/** The definition of a declared field. */
export function findIdentity(name: string): IdentityDefinition | undefined {
  return registry().fields.find((field) => field.name === name)
}

/**
 * Declares a field. A built-in one may be declared once more, with other options; any other name
 * that is declared twice, or that wants another field's baggage key, attribute or log name, throws.
 */
export function declareIdentity(name: string, options: IdentityFieldOptions): IdentityDefinition {
  const { fields, builtIn } = registry()
  const known = findIdentity(name)
  const definition = defineIdentity(name, options, known?.index ?? fields.length)
  if (known !== undefined && !builtIn.delete(name)) {
    throw new TypeError(
      `callchain: the identity field ${name} is declared twice (first as ${shape(known)}, then as ${shape(definition)}); declare it once, and share the object that identityField() returns`,
    )
  }
  for (const other of fields) if (other.name !== name) refuseClash(other, definition)
  fields[definition.index] = definition
  return definition
}

function refuseClash(one: IdentityDefinition, two: IdentityDefinition): void {
  const clash =
    one.baggage.find((key) => two.baggage.includes(key)) ??
    (one.attribute === two.attribute ? one.attribute : undefined) ??
    (one.logs && two.logs && one.logName === two.logName ? one.logName : undefined)
  if (clash === undefined) return
  throw new TypeError(
    `callchain: the identity fields ${one.name} and ${two.name} both use the name ${clash}; rename one of them`,
  )
}

function shape(field: IdentityDefinition): string {
  return `baggage ${field.baggage.join(', ')}, attribute ${field.attribute}, log field ${field.logName}`
}

function registry(): Registry {
  const holder = globalThis as { [IDENTITY_FIELDS]?: Registry }
  holder[IDENTITY_FIELDS] ??= {
    fields: [defineIdentity('tenant.id', {}, 0), defineIdentity('user.id', {}, 1)],
    builtIn: new Set(['tenant.id', 'user.id']),
  }
  return holder[IDENTITY_FIELDS]
}
