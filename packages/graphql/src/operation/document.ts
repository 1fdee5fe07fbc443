import { type DocumentNode, Kind, type OperationDefinitionNode, print, visit } from 'graphql'

/** Bounds the text of a document on a span, in characters. */
const MAX_DOCUMENT = 4096
const VALUE = { kind: Kind.ENUM, value: '?' } as const

/** The text of a document with `?` for every value: strings, numbers, lists and objects as a whole. */
export function redactedDocument(document: DocumentNode): string {
  const hide = (): typeof VALUE => VALUE
  const text = print(
    visit(document, {
      StringValue: hide,
      IntValue: hide,
      FloatValue: hide,
      BooleanValue: hide,
      EnumValue: hide,
      ListValue: hide,
      ObjectValue: hide,
    }),
  )
  return text.length > MAX_DOCUMENT ? `${text.slice(0, MAX_DOCUMENT)}…` : text
}

/** Which operation of a document is asked for; `undefined` where that cannot be told. */
export function operationIn(
  { definitions }: DocumentNode,
  name?: string | null,
): OperationDefinitionNode | undefined {
  const operations = definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION)
  if (name === undefined || name === null || name === '') {
    return operations.length === 1 ? operations[0] : undefined
  }
  return operations.find((each) => each.name?.value === name)
}
