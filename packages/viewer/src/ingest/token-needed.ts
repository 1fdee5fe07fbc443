import type { ViewerState } from './viewer-state.ts'

const HEADERS_VARIABLE = 'OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%20<token>'

/** What a sender or a reader without the token is told. */
export const NEEDS_TOKEN: string = `This viewer needs a token: open the page with ?token=…, send Authorization: Bearer …, or set ${HEADERS_VARIABLE}.`

/** Notes a sender without the token: none of its spans will show. */
export function noteMissingToken({ log }: Pick<ViewerState, 'log'>, from?: string): void {
  const message = `A request without this viewer's token was refused: set ${HEADERS_VARIABLE} in the sender.`
  log.addHint('token', message, from)
}
