import type { Attributes } from '@opentelemetry/api'
import * as key from '../http/attributes.ts'
import { guard } from '../otel/guard.ts'
import type { MessageDestination } from './exchange.ts'
import type { MessageFacts } from './options.ts'
import type { MessageSettings } from './settings.ts'

/** What a span is called, and what it and its metrics say of where messages go. */
export interface Described {
  readonly name: string
  /** For the span. */
  readonly attributes: Attributes
  /** For metrics: of low cardinality, without what belongs to one message; made when there are any. */
  readonly shared: () => Attributes
}

/**
 * The name and the attributes that a span begins with, so that samplers see them (messaging
 * conventions 1.44, "Span name" and "Messaging attributes", status Development).
 */
export function describe(
  settings: MessageSettings,
  what: MessageDestination,
  type: 'send' | 'process',
): Described {
  const { destination, temporary = false } = what
  const template = templateOf(settings, destination) ?? what.template
  const named = template ?? (temporary ? undefined : destination)
  const shared = (): Attributes => sharedAttributes(what, type, template, named)
  const attributes = shared()
  if (what.attributes !== undefined) Object.assign(attributes, what.attributes)
  if (destination !== undefined) attributes[key.MESSAGING_DESTINATION_NAME] = destination
  if (temporary) attributes[key.MESSAGING_DESTINATION_TEMPORARY] = true
  if (what.partition !== undefined) {
    attributes[key.MESSAGING_DESTINATION_PARTITION_ID] = what.partition
  }
  const target = named ?? serverName(what)
  return {
    name: target === undefined ? what.operation : `${what.operation} ${target}`,
    attributes,
    shared,
  }
}

function sharedAttributes(
  { system, operation, serverAddress, serverPort }: MessageDestination,
  type: 'send' | 'process',
  template: string | undefined,
  named: string | undefined,
): Attributes {
  const shared: Attributes = {
    [key.MESSAGING_SYSTEM]: system,
    [key.MESSAGING_OPERATION_NAME]: operation,
    [key.MESSAGING_OPERATION_TYPE]: type,
  }
  if (template !== undefined) shared[key.MESSAGING_DESTINATION_TEMPLATE] = template
  else if (named !== undefined) shared[key.MESSAGING_DESTINATION_NAME] = named
  if (serverAddress !== undefined) shared[key.SERVER_ADDRESS] = serverAddress
  if (serverPort !== undefined) shared[key.SERVER_PORT] = serverPort
  return shared
}

function templateOf({ options }: MessageSettings, name: string | undefined): string | undefined {
  if (options.destination === undefined || name === undefined) return undefined
  const template: unknown = guard('destination', () => options.destination?.(name))
  return typeof template === 'string' && template !== '' ? template : undefined
}

function serverName({ serverAddress, serverPort }: MessageDestination): string | undefined {
  if (serverAddress === undefined || serverPort === undefined) return serverAddress
  return `${serverAddress}:${serverPort}`
}

/** Adds what the application itself has to say. */
export function addOwnAttributes(
  attributes: Attributes,
  { options }: MessageSettings,
  facts: MessageFacts,
): void {
  if (options.attributes === undefined) return
  Object.assign(
    attributes,
    guard('attributes', () => options.attributes?.(facts)),
  )
}
