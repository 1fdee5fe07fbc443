import { TRACED_DRIVER } from '@callchain/core/internal'
import { bypassInstrumentations } from './instrumented.ts'

/** Whether something is traced already, by this copy of the package or another. */
export function isTraced(target: object): boolean {
  return Object.hasOwn(target, TRACED_DRIVER)
}

/** Marks something as traced, from now on by this package alone. */
export function markTraced(target: object): void {
  Object.defineProperty(target, TRACED_DRIVER, { value: true })
  bypassInstrumentations(target)
}

/** Gives an instance a method that hides the one it had, and is not enumerable. */
export function overrideMethod(target: object, name: PropertyKey, value: unknown): void {
  Object.defineProperty(target, name, {
    value,
    configurable: true,
    writable: true,
    enumerable: false,
  })
}
