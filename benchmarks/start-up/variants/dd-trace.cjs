require('dd-trace').init({
  service: 'benchmark',
  startupLogs: false,
  telemetry: { enabled: false },
  remoteConfig: { enabled: false },
})
