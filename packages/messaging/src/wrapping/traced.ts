import { TRACED_DRIVER } from '@callchain/core/internal'

/** Marks an instance as traced; false where it is already, by this copy of the package or another. */
export function markTraced(target: object): boolean {
  if (isTraced(target)) return false
  Object.defineProperty(target, TRACED_DRIVER, { value: true })
  return true
}

/** Whether `markTraced` has marked it. */
export function isTraced(target: unknown): boolean {
  return typeof target === 'object' && target !== null && Object.hasOwn(target, TRACED_DRIVER)
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

/** Whether an instance has these methods. */
export function hasMethods(target: unknown, ...names: string[]): target is object {
  return (
    typeof target === 'object' &&
    target !== null &&
    names.every((name) => typeof Reflect.get(target, name) === 'function')
  )
}
