/** Associates a value with an object. */
export interface ObjectStore<T> {
  get(object: object): T | undefined
  set(object: object, value: T): void
  /** Lets go of the value: an old object keeps a young one from being collected at once. */
  forget(object: object): void
}

/**
 * Makes a store that associates values with objects: under a symbol on the object itself, since an
 * entry of a WeakMap costs the garbage collector as much as everything else that is done for a call;
 * in a WeakMap for an object that takes no property. A copy of the object has no value.
 */
export function createObjectStore<T>(): ObjectStore<T> {
  const STORED = Symbol('callchain stored')
  const others = new WeakMap<object, T>()
  type Holder = { [STORED]?: { readonly of: object; readonly value: T } | undefined }
  return {
    get: (object) => {
      const stored = (object as Holder)[STORED]
      if (stored === undefined) return others.get(object)
      return stored.of === object ? stored.value : undefined
    },
    set: (object, value) => {
      if (Object.isExtensible(object)) (object as Holder)[STORED] = { of: object, value }
      else others.set(object, value)
    },
    forget: (object) => {
      if ((object as Holder)[STORED] !== undefined) (object as Holder)[STORED] = undefined
      else others.delete(object)
    },
  }
}
