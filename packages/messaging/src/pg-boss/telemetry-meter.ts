import { createNoopMeter, type MeterProvider, metrics } from '@opentelemetry/api'

/**
 * What pg-boss measures with: how many jobs its queues hold. What is sent and handled is measured by
 * ours, with the same names.
 */
export const meterProvider: MeterProvider = {
  getMeter(name, version, options) {
    const silent = createNoopMeter()
    const meter = metrics.getMeter(name, version, options)
    return new Proxy(silent, {
      get: (target, key) =>
        key === 'createObservableGauge'
          ? meter.createObservableGauge.bind(meter)
          : Reflect.get(target, key),
    })
  },
}
