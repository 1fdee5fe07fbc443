import type { JSX } from 'preact'
import type { ExportEntry } from '../../src/contract/receiver.ts'
import { bytes, count } from '../format/number.ts'
import { timeOfDay } from '../format/time.ts'

/** The last requests that arrived, and how each was answered. */
export function ExportTable({ exports }: { exports: readonly ExportEntry[] }): JSX.Element {
  return (
    <section>
      <h2>Last requests</h2>
      {exports.length === 0 ? (
        <p class="quiet">
          None yet. Whatever arrives at this port shows here, also when it is refused.
        </p>
      ) : (
        <table>
          <thead>
            <tr>
              <th>Time</th>
              <th>Path</th>
              <th>From</th>
              <th>Services</th>
              <th>Format</th>
              <th class="right">Size</th>
              <th class="right">Spans</th>
              <th class="right">Logs</th>
              <th>Answer</th>
            </tr>
          </thead>
          <tbody>
            {exports.map((each, index) => (
              <Row key={`${each.time}-${index}`} request={each} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

function Row({ request }: { request: ExportEntry }): JSX.Element {
  const words = request.error ?? request.warning
  return (
    <tr>
      <td>{timeOfDay(request.time)}</td>
      <td>
        <code>{request.path}</code>
      </td>
      <td title={request.userAgent}>{request.from}</td>
      <td>{request.services.join(', ')}</td>
      <td>
        {request.format}
        {request.encoding !== 'identity' && <span class="quiet"> {request.encoding}</span>}
      </td>
      <td class="right">{bytes(request.bytes)}</td>
      <td class="right">{count(request.spans)}</td>
      <td class="right">{count(request.logs)}</td>
      <td class={request.status >= 400 ? 'bad' : ''}>
        {request.status}
        {words !== undefined && ` ${words}`}
        {request.rejected > 0 && ` ${request.rejected} rejected`}
      </td>
    </tr>
  )
}
