const at = 'packages/viewer/src'
const REST = [
  'packages/viewer/test/analysis/trace-and-figures',
  'packages/viewer/test/api/page-api',
]

/** The statements of a trace. */
export const statements = {
  name: 'statements',
  suites: [['packages/viewer/test/analysis/statements'], REST],
  mutants: [
    {
      name: 'statements-system',
      breaks: 'equal texts of two systems are one statement',
      file: `${at}/analysis/statements.ts`,
      find: '`${systemOf(span)} ${groupKey(span)}`',
      put: 'groupKey(span)',
    },
    {
      name: 'statements-order',
      breaks: 'the statements stand in the order in which they came',
      file: `${at}/analysis/statements.ts`,
      find: '.sort((a, b) => totalOf(b) - totalOf(a))',
      put: '',
    },
    {
      name: 'statements-share',
      breaks: 'the share is that of the longest',
      file: `${at}/analysis/statements.ts`,
      find: 'total / traceNanos : 0',
      put: 'total / 1e9 : 0',
    },
    {
      name: 'statements-spans',
      breaks: 'what is not a statement is counted',
      file: `${at}/analysis/statements.ts`,
      find: 'all.filter(isStatement)',
      put: 'all.slice()',
    },
  ],
}

/** Databases, hosts and queues on the map. */
export const parties = {
  name: 'parties',
  suites: [['packages/viewer/test/analysis/remote-parties'], REST],
  mutants: [
    {
      name: 'parties-port',
      breaks: 'two ports of one host are one',
      file: `${at}/trace/remote-place.ts`,
      find: 'port: own ?? textOf(firstAttribute(span, PEER_PORT))',
      put: "port: own ?? ''",
    },
    {
      name: 'parties-usual',
      breaks: 'the usual port makes another host',
      file: `${at}/trace/remote-place.ts`,
      find: "ports?.includes(port) ? '' : port",
      put: 'port',
    },
    {
      name: 'parties-case',
      breaks: 'EXAMPLE.com and example.com are two',
      file: `${at}/trace/remote-place.ts`,
      find: ".toLowerCase().replace(/\\.$/, '')",
      put: ".replace(/\\.$/, '')",
    },
    {
      name: 'parties-socket',
      breaks: 'the path of a socket is taken apart',
      file: `${at}/trace/remote-place.ts`,
      find: "if (said.startsWith('/') || said.startsWith('@')) return { host: said, port: '' }",
      put: '',
    },
    {
      name: 'parties-v6',
      breaks: 'an IPv6 address is written without brackets',
      file: `${at}/trace/remote-place.ts`,
      find: "host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`",
      put: '`${host}:${port}`',
    },
    {
      name: 'parties-url',
      breaks: 'the host is not read from the URL',
      file: `${at}/trace/remote-place.ts`,
      find: 'isCall ? placeOfUrl(textOf(firstAttribute(span, URL_KEYS))) : undefined',
      put: 'undefined',
    },
    {
      name: 'parties-servers',
      breaks: 'databases of one name on two servers are one',
      file: `${at}/trace/remote-party.ts`,
      find: "...(where && database ? [where, '/'] : []), ",
      put: '',
    },
    {
      name: 'parties-systems',
      breaks: 'destinations of two systems are one',
      file: `${at}/trace/remote-party.ts`,
      find: '`messaging:${system}/${name}`',
      put: '`messaging:${name}`',
    },
    {
      name: 'parties-known',
      breaks: 'a party is remembered for every span of its shape',
      file: `${at}/trace/remote-party.ts`,
      find: 'known.places.every((place) => values[place] === span.values[place])',
      put: 'known.places.length >= 0',
    },
  ],
}

/** Clients that read no answers. */
export const unread = {
  name: 'unread',
  suites: [['packages/viewer/test/http/unread-answers'], REST],
  mutants: [
    {
      name: 'unread-unbounded',
      breaks: 'answers that nobody reads are not bounded',
      file: `${at}/http/outbox.ts`,
      find: 'if (this.bytes > 0 && this.bytes + bytes > this.maxBytes) return undefined',
      put: '',
    },
    {
      name: 'unread-alone',
      breaks: 'one answer that is larger than all is never sent',
      file: `${at}/http/outbox.ts`,
      find: 'this.bytes > 0 && this.bytes + bytes',
      put: 'this.bytes + bytes',
    },
    {
      name: 'unread-at-once',
      breaks: 'a client that is slow for a moment is cut off',
      file: `${at}/http/outbox.ts`,
      find: ' || now - since < this.maxSilence',
      put: '',
    },
    {
      name: 'unread-never-ends',
      breaks: 'an answer that was read counts for ever',
      file: `${at}/http/outbox.ts`,
      find: 'if (this.waiting.delete(one)) this.bytes -= one.bytes',
      put: 'this.waiting.delete(one)',
    },
    {
      name: 'unread-pipelined',
      breaks: 'what was pipelined counts when its client has gone',
      file: `${at}/http/outbox.ts`,
      find: "    socket.once('close', () => this.forget(socket))\n",
      put: '',
    },
    {
      name: 'unread-order',
      breaks: 'a client that reads goes before one that is silent',
      file: `${at}/http/outbox.ts`,
      find: '    if (!this.waiting.delete(one)) return\n    this.bytes',
      put: '    if (!this.waiting.has(one)) return\n    this.bytes',
    },
    {
      name: 'unread-since',
      breaks: 'reading does not count as reading',
      file: `${at}/http/outbox.ts`,
      find: '    one.bytes = bytes\n    one.since = Date.now()',
      put: '    one.bytes = bytes',
    },
  ],
}
