import { type JsonObject, objectOf, objectsOf, textField } from '../model/json-fields.ts'

// The annotations of version 1 that version 2 replaced by the kind.
const KIND_OF: Readonly<Record<string, string>> = {
  cs: 'CLIENT',
  cr: 'CLIENT',
  sr: 'SERVER',
  ss: 'SERVER',
  ms: 'PRODUCER',
  mr: 'CONSUMER',
}
const REMOTE = new Set(['ca', 'sa', 'ma'])

/**
 * A span of Zipkin's version 1 as one of version 2, as far as that has a place for it: kind, service,
 * tags and the other side. A span of version 2 as it is.
 */
export function asVersion2(span: JsonObject): JsonObject {
  const annotations = objectsOf(span.annotations)
  const binary = objectsOf(span.binaryAnnotations)
  if (binary.length === 0 && !annotations.some(({ endpoint }) => endpoint !== undefined))
    return span
  const core = annotations.find(({ value }) => kindOf(value) !== undefined)
  const local = core ?? [...annotations, ...binary.filter(isTag)].find(({ endpoint }) => endpoint)
  const remote = binary.find(({ key }) => REMOTE.has(textField(key)))
  return {
    ...span,
    kind: span.kind ?? kindOf(core?.value),
    localEndpoint: span.localEndpoint ?? local?.endpoint,
    remoteEndpoint: span.remoteEndpoint ?? remote?.endpoint,
    annotations: annotations.filter(({ value }) => kindOf(value) === undefined),
    tags: {
      ...Object.fromEntries(binary.filter(isTag).map(({ key, value }) => [textField(key), value])),
      ...objectOf(span.tags),
    },
  }
}

function kindOf(value: unknown): string | undefined {
  const name = textField(value)
  return Object.hasOwn(KIND_OF, name) ? KIND_OF[name] : undefined
}

function isTag({ key, value }: JsonObject): boolean {
  return textField(key) !== '' && !REMOTE.has(textField(key)) && value !== undefined
}
