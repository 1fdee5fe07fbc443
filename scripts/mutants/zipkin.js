const at = 'packages/viewer/src'
const REST = [
  'packages/viewer/test/(analysis/malformed-traces|formats/(zipkin-tracers|file-forms))',
  'packages/viewer/test/analysis/trace-and-figures',
]

/** Spans without a time. */
export const untimed = {
  name: 'untimed',
  suites: [['packages/viewer/test/trace/untimed-spans'], REST],
  mutants: [
    {
      name: 'untimed-above',
      breaks: 'a span without a time does not begin with its parent',
      file: `${at}/trace/place-untimed.ts`,
      find: 'above(span, find, found) ?? belows',
      put: 'belows',
    },
    {
      name: 'untimed-below',
      breaks: 'a span without a time does not begin with what is below it',
      file: `${at}/trace/place-untimed.ts`,
      find: '?? belows.get(span.id) ?? first',
      put: '?? first',
    },
    {
      name: 'untimed-arrival',
      breaks: 'a trace without any time is at 1970',
      file: `${at}/trace/place-untimed.ts`,
      find: '{ micros: arrived, nanos: 0 }',
      put: '{ micros: 0, nanos: 0 }',
    },
    {
      name: 'untimed-circle',
      breaks: 'a circle of spans without a time has no end',
      file: `${at}/trace/place-untimed.ts`,
      find: '    found.set(at.id, undefined)\n',
      put: '',
    },
    {
      name: 'untimed-first-below',
      breaks: 'any span below decides, not the first',
      file: `${at}/trace/place-untimed.ts`,
      find: 'spans.filter(isTimed).sort(compare)',
      put: 'spans.filter(isTimed)',
    },
    {
      name: 'untimed-nanos',
      breaks: 'nanoseconds do not count',
      file: `${at}/trace/place-untimed.ts`,
      find: 'a.micros - b.micros || a.nanos - b.nanos',
      put: 'a.micros - b.micros',
    },
  ],
}

/** Spans that come in pieces, or twice. */
export const pieces = {
  name: 'pieces',
  suites: [['packages/viewer/test/formats/zipkin-pieces'], REST],
  mutants: [
    {
      name: 'pieces-name',
      breaks: 'a piece without a name takes the name away',
      file: `${at}/formats/merge-zipkin.ts`,
      find: 'kept.name === NO_NAME ? piece.name : kept.name,',
      put: 'piece.name,',
    },
    {
      name: 'pieces-kind',
      breaks: 'a piece without a kind takes the kind away',
      file: `${at}/formats/merge-zipkin.ts`,
      find: 'kept.kind > 1 ? kept.kind : piece.kind',
      put: 'piece.kind',
    },
    {
      name: 'pieces-status',
      breaks: 'a piece without an error takes the error away',
      file: `${at}/formats/merge-zipkin.ts`,
      find: 'Math.max(kept.status, piece.status)',
      put: 'piece.status',
    },
    {
      name: 'pieces-service',
      breaks: 'a piece without a service takes the service away',
      file: `${at}/formats/merge-zipkin.ts`,
      find: 'isBetter ? piece : kept',
      put: 'piece',
    },
    {
      name: 'pieces-order',
      breaks: 'the begin is that of the piece that came first',
      file: `${at}/formats/merge-zipkin.ts`,
      find: 'return piece.micros < kept.micros',
      put: 'return false',
    },
    {
      name: 'pieces-duration',
      breaks: 'the duration is that of the piece that came last',
      file: `${at}/formats/merge-zipkin.ts`,
      find: 'other - one < 1000 && one >= 0 ? one : other',
      put: 'other >= 0 ? other : one',
    },
    {
      name: 'pieces-events',
      breaks: 'an annotation that both say is there twice',
      file: `${at}/formats/merge-zipkin.ts`,
      find: 'return a.micros === b.micros && a.nanos === b.nanos && a.name === b.name',
      put: 'return false',
    },
    {
      name: 'pieces-numbers',
      breaks: 'a number of another format becomes a text',
      file: `${at}/formats/merge-zipkin.ts`,
      find: 'other === undefined || isSameText(own, other) ? own : other',
      put: 'other === undefined ? own : other',
    },
    {
      name: 'pieces-clipped',
      breaks: 'a span that is full takes more',
      file: `${at}/formats/merge-zipkin.ts`,
      find: '    (kept.clipped ||\n',
      put: '    (false ||\n',
    },
    {
      name: 'pieces-bytes',
      breaks: 'pieces count for nothing',
      file: `${at}/formats/merge-zipkin.ts`,
      find: 'return { ...row, bytes: bytesOfRow(budget.used, row) }',
      put: 'return { ...row, bytes: kept.bytes }',
    },
    {
      name: 'halves-kind',
      breaks: 'client and server of one id are one span',
      file: `${at}/trace/halves.ts`,
      find: '  if (kept.kind > 1 && span.kind > 1 && kept.kind !== span.kind) return false\n',
      put: '',
    },
    {
      name: 'halves-service',
      breaks: 'two services with one id are one span',
      file: `${at}/trace/halves.ts`,
      find: 'one.toLowerCase() !== other.toLowerCase()) return false',
      put: 'one === other) return false',
    },
    {
      name: 'halves-address',
      breaks: 'two instances with one id are one span',
      file: `${at}/trace/halves.ts`,
      find: 'return from === undefined || to === undefined || from === to',
      put: 'return true',
    },
  ],
}
