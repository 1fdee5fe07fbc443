/** What an attribute can hold in JSON: bytes are `{ base64 }`, whole numbers beyond 2^53 are texts. */
export type Value =
  | string
  | number
  | boolean
  | null
  | readonly Value[]
  | { readonly [key: string]: Value }

/** Attributes by key. */
export type Attributes = Readonly<Record<string, Value>>
