import { describeRange, isInRange, type NumberRange } from '../config/environment.ts'

/** A file that is read, and what of it has no effect. */
export interface ConfigSheet {
  readonly file: string
  /** The paths of what is there and cannot be done. */
  readonly ignored: string[]
  /** The nodes that were opened. */
  readonly nodes: ConfigNode[]
}

/** An object in a configuration file. What nobody asks it for has no effect, and is said. */
export class ConfigNode {
  readonly path: string
  private readonly sheet: ConfigSheet
  private readonly members: Readonly<Record<string, unknown>>
  private readonly asked = new Set<string>()
  private readonly opened = new Map<string, ConfigNode>()

  constructor(sheet: ConfigSheet, path: string, value: unknown) {
    this.sheet = sheet
    this.path = path
    if (!isObject(value ?? {})) throw this.fault(undefined, value, 'an object')
    this.members = (value ?? {}) as Readonly<Record<string, unknown>>
    sheet.nodes.push(this)
  }

  /** The names of the members. */
  get keys(): readonly string[] {
    return Object.keys(this.members)
  }

  /** The path of a member. */
  at(key: string): string {
    return this.path === '' ? key : `${this.path}.${key}`
  }

  /** The object under `key`; undefined where the key is not there. One without a value is an empty object. */
  child(key: string): ConfigNode | undefined {
    this.asked.add(key)
    if (!(key in this.members)) return undefined
    return this.open(this.at(key), this.members[key])
  }

  /** One node for each place, so that it knows all that was asked of it. */
  private open(path: string, value: unknown): ConfigNode {
    const node = this.opened.get(path) ?? new ConfigNode(this.sheet, path, value)
    this.opened.set(path, node)
    return node
  }

  /** The object under `key`, which must be there. */
  need(key: string): ConfigNode {
    const node = this.child(key)
    if (node === undefined) throw this.fault(key, null, 'an object')
    return node
  }

  /** The objects in the list under `key`. */
  list(key: string): ConfigNode[] {
    const value = this.read(key) ?? []
    if (!Array.isArray(value)) throw this.fault(key, value, 'a list')
    return value.map((one, index) => this.open(`${this.at(key)}[${index}]`, one))
  }

  text(key: string): string | undefined {
    const value = this.read(key)
    if (value === undefined || typeof value === 'string') return value || undefined
    throw this.fault(key, value, 'a text, in quotes where it looks like something else')
  }

  flag(key: string): boolean | undefined {
    const value = this.read(key)
    if (value === undefined || typeof value === 'boolean') return value
    throw this.fault(key, value, 'true or false')
  }

  number(key: string, range: NumberRange): number | undefined {
    const value = this.read(key)
    if (value === undefined || isInRange(value, range)) return value
    throw this.fault(key, value, describeRange(range))
  }

  choice<T extends string>(key: string, words: readonly T[]): T | undefined {
    const value = this.read(key)
    if (value === undefined) return undefined
    const found = words.find((word) => word === value)
    if (found === undefined) throw this.fault(key, value, `one of ${words.join(', ')}`)
    return found
  }

  /** Whatever is under `key`; null counts as nothing. */
  read(key: string): unknown {
    this.asked.add(key)
    return this.members[key] ?? undefined
  }

  /** Says that what is under `key` has no effect, although it was looked at. */
  ignore(key: string): void {
    this.asked.add(key)
    this.sheet.ignored.push(this.at(key))
  }

  /** Members that are there, and that nobody has asked for. */
  get unread(): string[] {
    return this.keys.filter((key) => !this.asked.has(key)).map((key) => this.at(key))
  }

  /** An error that names the file, the path, the value and what is allowed. */
  fault(key: string | undefined, value: unknown, allowed: string): Error {
    const path = key === undefined ? this.path || 'the file' : this.at(key)
    const shown = isSecret(path) ? '(hidden)' : JSON.stringify(value)
    return new TypeError(
      `callchain: OTEL_CONFIG_FILE ${this.sheet.file}: ${path} is ${shown?.slice(0, 200)}; allowed: ${allowed}`,
    )
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isSecret(path: string): boolean {
  return /headers|Key$/.test(path)
}
