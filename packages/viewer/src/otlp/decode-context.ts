import { type AttributeBudget, createAttributeBudget } from '../model/attribute-budget.ts'
import { type Attributes, attribute, textOf } from '../model/attributes.ts'
import { cutText } from '../model/cut-text.ts'
import type { Resource, Scope } from '../model/rows.ts'
import { createShapes } from '../model/shape.ts'
import { sizeOfText, sizeOfValues } from '../model/size-of.ts'
import { createTextCache, type TextCache } from './text-cache.ts'
import { createWorkLimit, type WorkLimit } from './work-limit.ts'

/** What all readers share from request to request: texts, shapes, resources and scopes seen before. */
export interface DecodeContext {
  readonly texts: TextCache
  readonly budget: AttributeBudget
  readonly work: WorkLimit
  /** The same resource for the same encoded form, made when it is new. */
  resource(encoded: string, make: () => Attributes): Resource
  scope(encoded: string, make: () => ScopeSource): Scope
}

/** A scope as a reader finds it. */
export type ScopeSource = Omit<Scope, 'bytes'>

const MAX_KNOWN = 2000
const MAX_KNOWN_LENGTH = 2_000_000
const MAX_REMEMBERED_LENGTH = 8192
const MAX_NAME_LENGTH = 256
const SHARED_BYTES = 256

/** Makes the context that one viewer's readers share. */
export function createDecodeContext(): DecodeContext {
  const shapes = createShapes()
  return {
    texts: createTextCache(),
    budget: createAttributeBudget(shapes),
    work: createWorkLimit(),
    resource: remember((make) => createResource(make())),
    scope: remember((make) => createScope(make())),
  }
}

function createResource(attributes: Attributes): Resource {
  const service = textOf(attribute(attributes, 'service.name')) || 'unknown_service'
  const { shape, values } = attributes
  const bytes = SHARED_BYTES + sizeOfValues(values)
  return { service: cutText(service, MAX_NAME_LENGTH), attributes: { shape, values }, bytes }
}

function createScope({ name, version, attributes }: ScopeSource): Scope {
  const { shape, values } = attributes
  const kept = {
    name: cutText(name, MAX_NAME_LENGTH),
    version: cutText(version, MAX_NAME_LENGTH),
    attributes: { shape, values },
  }
  const texts = sizeOfText(kept.name) + sizeOfText(kept.version)
  return { ...kept, bytes: SHARED_BYTES + texts + sizeOfValues(values) }
}

function remember<Made, Source>(
  create: (make: () => Source) => Made,
): (encoded: string, make: () => Source) => Made {
  const known = new Map<string, Made>()
  let length = 0
  return (encoded, make) => {
    const found = known.get(encoded)
    if (found !== undefined) return found
    const made = create(make)
    if (encoded.length > MAX_REMEMBERED_LENGTH) return made
    if (known.size >= MAX_KNOWN || length > MAX_KNOWN_LENGTH) {
      known.clear()
      length = 0
    }
    known.set(encoded, made)
    length += encoded.length
    return made
  }
}
