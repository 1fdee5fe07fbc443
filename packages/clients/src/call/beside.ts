/** What is kept beside objects. */
export interface Beside<T> {
  get(object: object): T | undefined
  set(object: object, value: T): void
}

/**
 * Keeps something beside objects: under a symbol of its own on the object, since an entry of a WeakMap
 * costs the garbage collector as much as all else that is done for a call; in a WeakMap for an object
 * that takes no property. A copy of the object has nothing beside it.
 */
export function createBeside<T>(): Beside<T> {
  const KEPT = Symbol('callchain beside')
  const others = new WeakMap<object, T>()
  type Keeper = { [KEPT]?: { readonly of: object; readonly value: T } }
  return {
    get: (object) => {
      const kept = (object as Keeper)[KEPT]
      if (kept === undefined) return others.get(object)
      return kept.of === object ? kept.value : undefined
    },
    set: (object, value) => {
      if (Object.isExtensible(object)) (object as Keeper)[KEPT] = { of: object, value }
      else others.set(object, value)
    },
  }
}
