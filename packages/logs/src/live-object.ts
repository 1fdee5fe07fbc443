import { type Context, context } from '@opentelemetry/api'

type Fields = Record<string | symbol, unknown>

/** Makes an object that has, each time it is read, the properties that `read` returns then. */
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
        // Only looked at in a copy, which then gets the value.
        const isCopied = copied.keys[copied.at] === name
        const fields = isCopied ? copied.fields : (read() as Fields)
        return isCopied || Object.hasOwn(fields, name) ? describe(fields[name]) : undefined
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

// One object for all, which Node reads at once: to ask for the field's own costs ten times as much.
const described = {
  value: undefined as unknown,
  writable: true,
  enumerable: true,
  configurable: true,
}

function describe(value: unknown): PropertyDescriptor {
  described.value = value
  return described
}

/** A copy in progress: copying an object reads its keys, and then each property in turn. */
interface Copied {
  readonly fields: Fields
  readonly keys: readonly (string | symbol)[]
  /** The index of the key that is read next. */
  at: number
  readonly within: Context | undefined
}

const NOTHING: Copied = { fields: {}, keys: [], at: 0, within: undefined }

// One call of `read` serves a whole copy; a property that is read out of turn, or in another context,
// calls `read` again.
function isNext({ keys, at, within }: Copied, name: string | symbol): boolean {
  return keys[at] === name && within === context.active()
}
