/** Decorates a method: the programs are bundled, and not compiled, so that they are written without `@`. */
export function decorate(
  target: { prototype: object },
  name: string,
  ...all: MethodDecorator[]
): void {
  for (const each of all) {
    const descriptor = Object.getOwnPropertyDescriptor(target.prototype, name) ?? {}
    Object.defineProperty(
      target.prototype,
      name,
      (each(target.prototype, name, descriptor) ?? descriptor) as PropertyDescriptor,
    )
  }
}
