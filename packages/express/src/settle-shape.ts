const FIRST = Symbol('first')
const SECOND = Symbol('second')

/** Since V8 13 all requests share one hidden class again, and that is faster. */
const SHARES_SHAPES = Number.parseInt(process.versions.node, 10) >= 24

/**
 * Lets a request or response of Express keep its properties in a table. Express replaces the prototype
 * of each and adds properties then: before Node 24 that gives every one of them a hidden class of its
 * own, and each property that anybody adds or looks at costs a call into the engine. What is deleted
 * and was not the last to be added ends that. Nothing is left on the object; one that cannot be
 * extended stays as it is.
 */
export function settleShape(object: object): void {
  if (SHARES_SHAPES || !Reflect.set(object, FIRST, true)) return
  Reflect.set(object, SECOND, true)
  Reflect.deleteProperty(object, FIRST)
  Reflect.deleteProperty(object, SECOND)
}
