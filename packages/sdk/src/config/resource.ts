import { randomUUID } from 'node:crypto'
import { arch, hostname } from 'node:os'
import { basename } from 'node:path'
import type { Attributes } from '@opentelemetry/api'
import type { Environment } from './environment.ts'
import type { StartTracingOptions } from './options.ts'
import { findService } from './service.ts'
import { VERSION } from './version.ts'

/**
 * The resource of this process: the host and the process, overlaid with `attributes`. What is not
 * there is left out, and so is the command line, for it may hold a secret.
 */
export function describeProcess(attributes: Attributes): Attributes {
  const all: Attributes = {
    'service.instance.id': randomUUID(),
    'host.name': hostname(),
    'host.arch': HOST_ARCHITECTURES[arch()] ?? arch(),
    'process.pid': process.pid,
    'process.executable.name': basename(process.execPath),
    'process.runtime.name': 'nodejs',
    'process.runtime.version': process.versions.node,
    ...attributes,
  }
  const there = Object.entries(all).filter(([, value]) => value !== undefined && value !== null)
  return Object.fromEntries(there)
}

/**
 * What records spans where OpenTelemetry's SDK is not used, whose name is reserved for it (Semantic
 * conventions, "Telemetry SDK").
 */
export const OWN_SDK: Attributes = {
  'telemetry.sdk.language': 'nodejs',
  'telemetry.sdk.name': 'callchain',
  'telemetry.sdk.version': VERSION,
}

// Semantic conventions, "host.arch": where Node's word is not the conventions'.
const HOST_ARCHITECTURES: Readonly<Record<string, string>> = {
  x64: 'amd64',
  ia32: 'x86',
  arm: 'arm32',
  ppc: 'ppc32',
}

/**
 * The attributes that the application states: options over `OTEL_SERVICE_NAME` over
 * `OTEL_RESOURCE_ATTRIBUTES` over its package.json.
 */
export function readResourceAttributes(
  options: StartTracingOptions,
  environment: Environment,
): Attributes {
  const stated: Attributes = {
    ...environment.pairs('OTEL_RESOURCE_ATTRIBUTES', false),
    ...named('service.name', environment.text('OTEL_SERVICE_NAME')),
    ...options.resourceAttributes,
    ...named('service.name', options.serviceName),
    ...named('service.version', options.serviceVersion),
  }
  const found = findService(process.argv[1], process.cwd())
  const name = stated['service.name'] ?? found.name ?? 'unknown_service:node'
  if (name === 'unknown_service:node') environment.tell(NO_NAME)
  return { ...named('service.version', found.version), ...stated, 'service.name': name }
}

const NO_NAME =
  'this service has no name and appears as unknown_service:node; set serviceName or OTEL_SERVICE_NAME'

function named(key: string, value: string | undefined): Attributes {
  return value === undefined ? {} : { [key]: value }
}
