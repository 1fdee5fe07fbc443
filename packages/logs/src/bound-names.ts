/**
 * Makes a function that removes from `fields` what a pino logger has already bound, with `child()` or
 * `base`: pino would write both, and readers differ on a line that has the same key twice.
 */
export function createBoundDropper(): (fields: object, logger: object | undefined) => void {
  const textOf = createBindingsReader()
  let lastText: string | undefined
  const absent = new Set<string>()
  return (fields, logger) => {
    if (logger === undefined) return
    const text = textOf(logger)
    if (text !== lastText) absent.clear()
    lastText = text
    let bound: object | undefined
    for (const name in fields) {
      // Most lines stop here: the same logger has written the line before.
      if (absent.has(name)) continue
      if (!text.includes(`"${name}":`)) {
        absent.add(name)
        continue
      }
      bound ??= (logger as { bindings(): object }).bindings()
      if (Object.hasOwn(bound, name)) delete (fields as Record<string, unknown>)[name]
    }
  }
}

/** Reads the bindings as pino stores them, JSON without braces; where it stores them is not public. */
function createBindingsReader(): (logger: object) => string {
  let symbol: symbol | undefined
  return (logger) => {
    const known = symbol && (logger as Record<symbol, unknown>)[symbol]
    if (typeof known === 'string') return known
    symbol = Object.getOwnPropertySymbols(logger).find(isBindings)
    if (symbol !== undefined) return (logger as Record<symbol, string>)[symbol] ?? ''
    const { bindings } = logger as { bindings?(): object }
    return bindings === undefined ? '' : JSON.stringify(bindings.call(logger))
  }
}

function isBindings(symbol: symbol): boolean {
  return symbol.description === 'pino.chindings'
}
