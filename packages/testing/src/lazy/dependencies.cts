// CommonJS in both builds: `require` there is synchronous and finds our own dependencies. Who asserts on
// single spans need not load what chains are made of, or what measures.

/** The store that chains are read from, and the receiver of a collector. */
export declare const loadViewer: () => typeof import('@callchain/viewer')

/** The metrics SDK. */
export declare const loadMetrics: () => typeof import('@opentelemetry/sdk-metrics')

/** The serialisers of OTLP. */
export declare const loadTransformer: () => typeof import('@opentelemetry/otlp-transformer')

exports.loadViewer = () => require('@callchain/viewer')
exports.loadMetrics = () => require('@opentelemetry/sdk-metrics')
exports.loadTransformer = () => require('@opentelemetry/otlp-transformer')
