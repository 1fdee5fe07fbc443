const at = 'packages/sdk/src'

/** What users hand to startTracing() may be broken. */
export const sdk = {
  name: 'sdk',
  suites: [
    [
      'packages/sdk/test/user-parts',
      'packages/sdk/test/collector-answers',
      'packages/sdk/test/start-up-checks',
      'packages/sdk/test/export.test',
      'packages/sdk/test/foreign-propagator',
    ],
    ['packages/sdk/test/'],
  ],
  mutants: [
    {
      name: 'processor-on-start',
      breaks: 'a span processor that throws ends the request',
      file: `${at}/guard/processor.ts`,
      find: 'faults.guard(() => processor.onStart(span, context))',
      put: 'processor.onStart(span, context)',
    },
    {
      name: 'processor-on-end',
      breaks: 'a span processor that throws at the end keeps the span from the exporter',
      file: `${at}/guard/processor.ts`,
      find: 'faults.guard(() => processor.onEnd(span))',
      put: 'processor.onEnd(span)',
    },
    {
      name: 'processor-on-ending',
      breaks: 'a span processor that throws while the span ends keeps it open',
      file: `${at}/guard/processor.ts`,
      find: 'faults.guard(() => processor.onEnding?.(span))',
      put: 'processor.onEnding?.(span)',
    },
    {
      name: 'processor-flush',
      breaks: 'a span processor that rejects makes flush() reject',
      file: `${at}/guard/processor.ts`,
      find: 'settled(() => processor.forceFlush())',
      put: 'processor.forceFlush()',
    },
    {
      name: 'processor-shutdown',
      breaks: 'a span processor that rejects makes shutdown() reject',
      file: `${at}/guard/processor.ts`,
      find: 'settled(() => processor.shutdown())',
      put: 'processor.shutdown()',
    },
    {
      name: 'propagator-inject',
      breaks: 'a propagator that throws ends the call',
      file: `${at}/guard/propagator.ts`,
      find: 'faults.guard(() => propagator.inject(context, carrier, setter))',
      put: 'propagator.inject(context, carrier, setter)',
    },
    {
      name: 'propagator-context',
      breaks: 'what a propagator returns is taken for a context',
      file: `${at}/guard/propagator.ts`,
      find: 'if (isContext(extracted)) return extracted',
      put: 'if (extracted !== undefined) return extracted as Context',
    },
    {
      name: 'propagator-silent',
      breaks: 'nobody is told of a propagator that answers nonsense',
      file: `${at}/guard/propagator.ts`,
      find: 'if (extracted !== undefined) faults.add(',
      put: 'if (extracted === null) faults.add(',
    },
    {
      name: 'propagator-fields',
      breaks: 'what is not a list of names is taken for one',
      file: `${at}/guard/propagator.ts`,
      find: "Array.isArray(names) ? names.filter((name) => typeof name === 'string') : []",
      put: 'names as string[]',
    },
    {
      name: 'sampler-decision',
      breaks: 'what a sampler returns is taken for a decision',
      file: `${at}/guard/sampler.ts`,
      find: 'if (isResult(result)) return result',
      put: 'if (result !== undefined) return result as SamplingResult',
    },
    {
      name: 'sampler-silent',
      breaks: 'nobody is told of a sampler that answers nonsense',
      file: `${at}/guard/sampler.ts`,
      find: 'if (result !== undefined) faults.add(',
      put: 'if (result === null) faults.add(',
    },
    {
      name: 'sampler-words',
      breaks: 'a sampler without a description ends the start',
      file: `${at}/guard/sampler.ts`,
      find: "faults.guard(() => String(sampler)) ?? 'Sampler'",
      put: 'String(sampler)',
    },
  ],
}
