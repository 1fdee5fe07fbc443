import { diag } from '@opentelemetry/api'
import { copyValue } from './attribute-rules.ts'

/** From this many attributes on, a key is found through a map rather than by looking at each. */
const MIN_MAPPED = 32

/** Attributes in the order in which their keys came, every key as it was written. */
export class AttributeList {
  keys: string[] = []
  values: unknown[] = []
  /** How many were left out because of the limit. */
  dropped = 0
  private places: Map<string, number> | undefined

  /** Sets each own, enumerable attribute of an object. */
  setAll(
    attributes: object | undefined | null,
    isValid: (value: unknown) => boolean,
    countLimit: number,
    lengthLimit: number,
  ): void {
    if (typeof attributes !== 'object' || attributes === null) return
    for (const key of Object.keys(attributes)) {
      const value: unknown = (attributes as Readonly<Record<string, unknown>>)[key]
      this.set(key, value, isValid, countLimit, lengthLimit)
    }
  }

  /** Takes all attributes of an object over at once, which is faster; gives whether they were such that it could. */
  takeOver(attributes: object, countLimit: number, lengthLimit: number): boolean {
    const keys = Object.keys(attributes)
    if (this.keys.length > 0 || keys.length > countLimit) return false
    const values: unknown[] = Object.values(attributes)
    if (values.length !== keys.length) return false
    for (let index = 0; index < values.length; index++) {
      if (!isPlain(values[index], lengthLimit) || keys[index] === '') return false
    }
    this.keys = keys
    this.values = values
    return true
  }

  /** A list of these attributes in place of its own, which is not changed; as many count as left out. */
  replacedBy(keys: string[], values: unknown[]): AttributeList {
    const list = new AttributeList()
    list.keys = keys
    list.values = values
    list.dropped = this.dropped
    return list
  }

  /** Sets one attribute; a known key keeps its place. */
  set(
    key: string,
    value: unknown,
    isValid: (value: unknown) => boolean,
    countLimit: number,
    lengthLimit: number,
  ): void {
    if (typeof key !== 'string' || key === '') diag.warn(`Invalid attribute key: ${String(key)}`)
    else if (!isPlain(value, Number.POSITIVE_INFINITY) && !isValid(value)) {
      diag.warn(`Invalid attribute value set for key: ${key}`)
    } else {
      const place = this.placeOf(key)
      if (place >= 0) this.values[place] = copyValue(value, lengthLimit)
      else if (this.keys.length >= countLimit) this.dropped++
      else this.add(key, copyValue(value, lengthLimit))
    }
  }

  private add(key: string, value: unknown): void {
    this.places?.set(key, this.keys.length)
    this.keys.push(key)
    this.values.push(value)
  }

  private placeOf(key: string): number {
    if (this.keys.length < MIN_MAPPED) return this.keys.indexOf(key)
    this.places ??= new Map(this.keys.map((known, place) => [known, place]))
    return this.places.get(key) ?? -1
  }
}

/** Whether a value may stand anywhere as it is. */
function isPlain(value: unknown, lengthLimit: number): boolean {
  if (typeof value === 'string') return value.length <= lengthLimit
  return typeof value === 'number' || typeof value === 'boolean'
}
