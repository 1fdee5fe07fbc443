import { styleText } from 'node:util'

/** @typedef {Parameters<typeof styleText>[0]} Style */
/** @typedef {(style: Style, text: string) => string} Paint */

/**
 * Colours text for a terminal, and leaves it as it is for a file or a pipe. NO_COLOR and
 * FORCE_COLOR decide first.
 * @param {NodeJS.WriteStream} stream
 * @param {NodeJS.ProcessEnv} [environment]
 * @returns {Paint}
 */
export function painter(stream, environment = process.env) {
  const forced = environment.FORCE_COLOR
  const wanted = forced ? forced !== '0' : stream.isTTY && !environment.NO_COLOR
  if (!wanted) return (_style, text) => text
  return (style, text) => (text.trim() ? styleText(style, text, { validateStream: false }) : text)
}

/** @type {Record<string, Style>} */
const services = {
  gateway: 'cyan',
  orders: 'magenta',
  inventory: 'blueBright',
  shipping: 'green',
  database: 'blue',
}

/** The colour that a service always has. @param {string} service @returns {Style} */
export function colourOf(service) {
  return services[service] ?? 'white'
}

/**
 * The colour of an HTTP status.
 * @param {number} status
 * @returns {Style}
 */
export function statusStyle(status) {
  if (status >= 500) return 'red'
  if (status >= 400) return 'yellow'
  return status >= 200 ? 'green' : 'dim'
}
