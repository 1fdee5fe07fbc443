import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runNpm } from './find-node.js'

const folder = fileURLToPath(new URL('../open-telemetry-3', import.meta.url))

/** The line of Node on which OpenTelemetry's SDK 3 is measured; it needs 22.15. */
export const NEWER_LINE = '24'

/** Lets npm bring OpenTelemetry's SDK 3 the first time. */
export async function bringOpenTelemetry3() {
  if (!existsSync(`${folder}/node_modules`)) await runNpm(['ci', '--prefix', folder])
}
