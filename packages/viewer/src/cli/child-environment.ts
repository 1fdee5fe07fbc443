import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { encodeToken } from './greeting.ts'

/**
 * The environment for a command whose spans the viewer is to show: OTLP over HTTP to its address,
 * sent twice a second so that they are seen live. What the user has set stays, except the address.
 */
export function childEnvironment(
  given: NodeJS.ProcessEnv,
  { url, token, command }: { url: string; token: string | undefined; command: readonly string[] },
): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = {
    OTEL_SERVICE_NAME: serviceName(command),
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_LOGS_EXPORTER: 'otlp',
    OTEL_BSP_SCHEDULE_DELAY: '500',
    OTEL_BLRP_SCHEDULE_DELAY: '500',
    ...(process.stdout.isTTY && !given.NO_COLOR ? { FORCE_COLOR: '1' } : {}),
    ...given,
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    // For users of `OTEL_TRACES_EXPORTER=zipkin`.
    OTEL_EXPORTER_ZIPKIN_ENDPOINT: `${url}/api/v2/spans`,
  }
  // Variables for another address would override ours; headers for one signal, our token.
  const own = token === undefined ? ['ENDPOINT', 'PROTOCOL'] : ['ENDPOINT', 'PROTOCOL', 'HEADERS']
  for (const signal of ['TRACES', 'LOGS', 'METRICS'])
    for (const name of own) delete environment[`OTEL_EXPORTER_OTLP_${signal}_${name}`]
  if (token !== undefined)
    environment.OTEL_EXPORTER_OTLP_HEADERS = `authorization=Bearer%20${encodeToken(token)}`
  return environment
}

/** The name in the package.json here, else that of the script or the program. */
export function serviceName(command: readonly string[]): string {
  try {
    const manifest: unknown = JSON.parse(readFileSync('package.json', 'utf8'))
    if (typeof manifest === 'object' && manifest !== null && 'name' in manifest)
      if (typeof manifest.name === 'string' && manifest.name !== '') return manifest.name
  } catch {
    // There is none; the command has a name, too.
  }
  const script = command.find((word) => /\.[cm]?[jt]s$/.test(word)) ?? command[0] ?? 'app'
  return basename(script).replace(/\.[cm]?[jt]s$/, '')
}
