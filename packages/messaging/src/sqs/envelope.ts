import type { MessageAttributes } from './types.ts'

const MAX_ENVELOPE_BYTES = 1_048_576

/**
 * The attributes that SNS has put into the body of a message, as it does without raw delivery
 * (Amazon SNS, "Message formats"); `undefined` for any other body.
 */
export function attributesOfEnvelope(body: unknown): MessageAttributes | undefined {
  if (typeof body !== 'string' || body.length > MAX_ENVELOPE_BYTES) return undefined
  if (!body.startsWith('{') || !body.includes('"TopicArn"')) return undefined
  const { Type, MessageAttributes: given } = parse(body)
  if (Type !== 'Notification' || typeof given !== 'object' || given === null) return undefined
  return Object.fromEntries(
    Object.entries(given).map(([name, attribute]) => {
      const { Type: DataType, Value } = (attribute ?? {}) as { Type?: unknown; Value?: unknown }
      return [
        name,
        DataType === 'String' && typeof Value === 'string' ? { StringValue: Value } : {},
      ]
    }),
  )
}

function parse(body: string): { readonly Type?: unknown; readonly MessageAttributes?: unknown } {
  try {
    return JSON.parse(body)
  } catch {
    return {}
  }
}
