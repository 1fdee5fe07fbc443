import { type AttributeBudget, createAttributeBudget } from '../model/attribute-budget.ts'
import { type Attributes, attribute, textOf } from '../model/attributes.ts'
import type { Resource, Scope } from '../model/rows.ts'
import { createShapes, type Shapes } from '../model/shape.ts'
import { createTextCache, type TextCache } from './text-cache.ts'

/** What all readers share from request to request: texts, shapes, resources and scopes seen before. */
export interface DecodeContext {
  readonly texts: TextCache
  readonly shapes: Shapes
  readonly budget: AttributeBudget
  /** The same resource for the same encoded form, made when it is new. */
  resource(encoded: string, make: () => Attributes): Resource
  scope(encoded: string, make: () => Scope): Scope
}

const MAX_KNOWN = 2000

/** Makes the context that one viewer's readers share. */
export function createDecodeContext(): DecodeContext {
  const shapes = createShapes()
  return {
    texts: createTextCache(),
    shapes,
    budget: createAttributeBudget(shapes),
    resource: remember((make) => createResource(make())),
    scope: remember((make) => make()),
  }
}

function createResource(attributes: Attributes): Resource {
  return { service: textOf(attribute(attributes, 'service.name')) || 'unknown_service', attributes }
}

function remember<Made, Source>(
  create: (make: () => Source) => Made,
): (encoded: string, make: () => Source) => Made {
  const known = new Map<string, Made>()
  return (encoded, make) => {
    const found = known.get(encoded)
    if (found !== undefined) return found
    const made = create(make)
    if (known.size >= MAX_KNOWN) known.clear()
    if (encoded.length < 16_384) known.set(encoded, made)
    return made
  }
}
