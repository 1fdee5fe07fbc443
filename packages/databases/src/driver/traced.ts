import { bypassInstrumentations } from './instrumented.ts'

const TRACED = Symbol.for('callchain.traced')

/** Whether something is traced already, by this copy of the package or another. */
export function isTraced(target: object): boolean {
  return Object.hasOwn(target, TRACED)
}

/** Remembers that something is traced, from now on by nobody else. */
export function markTraced(target: object): void {
  Object.defineProperty(target, TRACED, { value: true })
  bypassInstrumentations(target)
}

/** Puts a method of our own before an instance's, out of sight of whoever lists its properties. */
export function overrideMethod(target: object, name: PropertyKey, value: unknown): void {
  Object.defineProperty(target, name, {
    value,
    configurable: true,
    writable: true,
    enumerable: false,
  })
}
