import { type Context, context } from '@opentelemetry/api'

type Fields = Record<string | symbol, unknown>

/** An object whose properties are, whenever it is looked at, those that `read` returns then. */
export function createLiveObject(read: () => object): object {
  let copied = NOTHING
  return new Proxy(
    {},
    {
      ownKeys() {
        const fields = read() as Fields
        const keys = Reflect.ownKeys(fields)
        copied = { fields, keys, at: 0, within: context.active() }
        return keys
      },
      getOwnPropertyDescriptor(_target, name) {
        const fields = isNext(copied, name) ? copied.fields : read()
        return Object.getOwnPropertyDescriptor(fields, name)
      },
      get(_target, name) {
        if (!isNext(copied, name)) return (read() as Fields)[name]
        copied.at += 1
        return copied.fields[name]
      },
      has: (_target, name) => name in read(),
    },
  )
}

/** A copy under way: whoever copies an object asks for its keys, and then for each in turn. */
interface Copied {
  readonly fields: Fields
  readonly keys: readonly (string | symbol)[]
  /** The key that is asked for next. */
  at: number
  readonly within: Context | undefined
}

const NOTHING: Copied = { fields: {}, keys: [], at: 0, within: undefined }

// One reading serves a whole copy; what is asked for out of turn, or elsewhere, is read anew.
function isNext({ keys, at, within }: Copied, name: string | symbol): boolean {
  return keys[at] === name && within === context.active()
}
