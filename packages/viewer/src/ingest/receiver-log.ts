import type { ExportEntry, Hint, SenderEntry } from '../contract/receiver.ts'
import { attribute, textOf } from '../model/attributes.ts'
import type { Decoded, Resource } from '../model/rows.ts'

/** What is counted of a service that has sent something. */
type Sender = { -readonly [Key in keyof SenderEntry]: SenderEntry[Key] }

/** Remembers what came in, and what was wrong with it. */
export interface ReceiverLog {
  readonly exports: readonly ExportEntry[]
  readonly hints: readonly Hint[]
  readonly services: readonly SenderEntry[]
  /** Their names, the one that came first at the front. */
  readonly arrived: readonly string[]
  readonly requests: number
  readonly refused: number
  readonly metrics: number
  addExport(entry: ExportEntry): void
  addSenders(decoded: Decoded, now: number): string[]
  addHint(code: string, message: string, from?: string): void
  /** Called with each export. @returns a function that ends the subscription */
  subscribe(listener: (entry: ExportEntry | undefined) => void): () => void
}

const MAX_EXPORTS = 50
const MAX_SERVICES = 500

/** Makes an empty log. */
export function createReceiverLog(): ReceiverLog {
  return new MemoryReceiverLog()
}

class MemoryReceiverLog implements ReceiverLog {
  readonly exports: ExportEntry[] = []
  requests = 0
  refused = 0
  metrics = 0
  private readonly byCode = new Map<string, Hint>()
  private readonly senders = new Map<string, Sender>()
  private readonly listeners = new Set<(entry: ExportEntry | undefined) => void>()

  get hints(): Hint[] {
    return [...this.byCode.values()].sort((a, b) => b.time - a.time)
  }

  get services(): SenderEntry[] {
    return [...this.senders.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  get arrived(): string[] {
    return [...this.senders.keys()]
  }

  addExport(entry: ExportEntry): void {
    this.requests += 1
    this.metrics += entry.metrics
    if (entry.status >= 400) {
      this.refused += 1
      const message = `A request to ${entry.path} got status ${entry.status}: ${entry.error ?? ''}`
      this.addHint('refused', message, entry.from)
    }
    this.exports.unshift(entry)
    if (this.exports.length > MAX_EXPORTS) this.exports.pop()
    for (const listener of this.listeners) listener(entry)
  }

  addSenders({ spans, logs }: Decoded, now: number): string[] {
    const names = new Set<string>()
    for (const { resource } of spans) this.count(resource, now, names, 'spans')
    for (const { resource } of logs) this.count(resource, now, names, 'logs')
    return [...names]
  }

  addHint(code: string, message: string, from?: string): void {
    this.byCode.set(code, { code, message, time: Date.now(), from })
  }

  subscribe(listener: (entry: ExportEntry | undefined) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  private count(resource: Resource, now: number, names: Set<string>, what: 'spans' | 'logs'): void {
    const { service: name } = resource
    let sender = this.senders.get(name)
    if (sender === undefined) {
      if (this.senders.size >= MAX_SERVICES) return
      const unnamed = name.startsWith('unknown_service')
      sender = { name, spans: 0, logs: 0, lastSeen: now, sdk: undefined, unnamed }
      this.senders.set(name, sender)
    }
    if (!names.has(name)) {
      names.add(name)
      sender.sdk = sdkOf(resource) ?? sender.sdk
      sender.lastSeen = now
    }
    sender[what] += 1
  }
}

function sdkOf({ attributes }: Resource): string | undefined {
  const parts = ['telemetry.sdk.name', 'telemetry.sdk.language', 'telemetry.sdk.version']
  return (
    parts
      .map((key) => textOf(attribute(attributes, key)))
      .join(' ')
      .trim() || undefined
  )
}
