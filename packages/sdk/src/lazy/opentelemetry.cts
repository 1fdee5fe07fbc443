// CommonJS in both builds: `require` there is synchronous and finds our own dependencies, which
// nothing in an ES module without `import.meta` does. Bundlers read it as well.

/** The tracing SDK. */
export declare const loadSdkTrace: () => typeof import('@opentelemetry/sdk-trace')

/** Resources as the SDK has them. */
export declare const loadResources: () => typeof import('@opentelemetry/resources')

/** The serialisers of OTLP. */
export declare const loadTransformer: () => typeof import('@opentelemetry/otlp-transformer')

/** The client of gRPC, which the application has installed. */
export declare const loadGrpc: () => typeof import('@grpc/grpc-js')

/** The SDK of metrics, which the application has installed. */
export declare const loadSdkMetrics: () => typeof import('@opentelemetry/sdk-metrics')

/** The Prometheus endpoint, which the application has installed. */
export declare const loadPrometheus: () => typeof import('@opentelemetry/exporter-prometheus')

/** The reader of YAML, which the application has installed. */
export declare const loadYaml: () => typeof import('yaml')

exports.loadSdkTrace = () => require('@opentelemetry/sdk-trace')
exports.loadResources = () => require('@opentelemetry/resources')
exports.loadTransformer = () => require('@opentelemetry/otlp-transformer')
exports.loadGrpc = () => require('@grpc/grpc-js')
exports.loadSdkMetrics = () => require('@opentelemetry/sdk-metrics')
exports.loadPrometheus = () => require('@opentelemetry/exporter-prometheus')
exports.loadYaml = () => require('yaml')
