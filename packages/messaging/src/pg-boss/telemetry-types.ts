import type { MeterProvider, TextMapPropagator, TracerProvider } from '@opentelemetry/api'

/** What the option `openTelemetry` of pg-boss 12.38 and later takes. */
export interface PgBossTelemetry {
  readonly propagateContext: true
  readonly propagator: TextMapPropagator
  readonly tracerProvider: TracerProvider
  readonly meterProvider: MeterProvider
}
