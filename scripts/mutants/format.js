const at = 'packages/core/src/propagation'

/** Which format is read and written. */
export const format = {
  name: 'format',
  suites: [
    ['packages/core/test/propagation', 'packages/core/test/identity', 'packages/core/test/server'],
    ['packages/core/test/(context|client|node)/', 'packages/core/test/[^/]*.test'],
    ['packages/koa/test/contract', 'packages/clients/test/contract.test'],
  ],
  mutants: [
    {
      name: 'format-kept',
      breaks: 'the format is not worked out again when an SDK starts later',
      file: `${at}/header-format.ts`,
      find: 'format === undefined || traits !== current',
      put: 'format === undefined',
    },
    {
      name: 'w3c-by-foreign',
      breaks: "W3C's format is left to the global propagator",
      file: `${at}/header-format.ts`,
      find: 'fields.every((field) => W3C_HEADERS.has(field)) ? undefined : propagator',
      put: 'propagator',
    },
    {
      name: 'fields-by-case',
      breaks: 'a propagator that writes its headers in capitals is another format',
      file: `${at}/header-format.ts`,
      find: 'field.toLowerCase()',
      put: 'field',
    },
    {
      name: 'baggage-always',
      breaks: 'baggage goes out though the global propagator has none',
      file: `${at}/header-format.ts`,
      find: "baggage: fields.includes('baggage'),",
      put: 'baggage: true,',
    },
    {
      name: 'trace-always',
      breaks: 'a trace goes out though the global propagator has baggage alone',
      file: `${at}/header-format.ts`,
      find: "trace: foreign !== undefined || fields.includes('traceparent'),",
      put: 'trace: true,',
    },
    {
      name: 'given-without-baggage',
      breaks: 'a propagator that was given takes the baggage away',
      file: `${at}/header-format.ts`,
      find: 'if (given !== undefined) return { foreign, trace: true, baggage: true }',
      put: '',
    },
    {
      name: 'nothing-is-all',
      breaks: 'an SDK that propagates nothing propagates all',
      file: `${at}/header-format.ts`,
      find: 'sdkTraits().propagatesNothing !== true',
      put: 'true',
    },
  ],
}
