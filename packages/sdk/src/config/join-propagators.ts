import { diag, type TextMapPropagator } from '@opentelemetry/api'

/**
 * One propagator that asks each in turn, so that a later one wins (Propagators API, "Composite
 * Propagator"). One that fails is passed over.
 */
export function joinPropagators(propagators: readonly TextMapPropagator[]): TextMapPropagator {
  const fields = [...new Set(propagators.flatMap((one) => one.fields?.() ?? []))]
  return {
    inject(context, carrier, setter) {
      for (const one of propagators) tryTo(() => one.inject(context, carrier, setter))
    },
    extract: (context, carrier, getter) =>
      propagators.reduce(
        (found, one) => tryTo(() => one.extract(found, carrier, getter)) ?? found,
        context,
      ),
    fields: () => [...fields],
  }
}

function tryTo<T>(ask: () => T): T | undefined {
  try {
    return ask()
  } catch (error) {
    diag.warn('callchain: a propagator failed', error)
    return undefined
  }
}
