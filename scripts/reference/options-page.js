import { readComment } from './doc-comment.js'
import { anchor, code, heading, item, list, page } from './markdown.js'
import { wordsOf } from './types.js'

/** The pages that say when to use the options of a chapter. */
const PAGES = {
  'Servers: `tracing()`': ['[Spans](../spans.md)', '[Trust](../trust.md)'],
  gRPC: ['[gRPC](../grpc.md)', '[Trust](../trust.md)'],
  'HTTP clients': ['[The outbound side](../outbound.md)'],
  Databases: ['[Databases](../databases.md)'],
  GraphQL: ['[GraphQL](../frameworks.md#graphql)'],
  WebSockets: ['[WebSockets](../frameworks.md#websockets)'],
  Messages: ['[Messages](../messaging.md)'],
  Jobs: ['[Jobs](../jobs.md)'],
  Loggers: ['[Logs](../logs.md)'],
  'Starting: `startTracing()`': ['[Configuration](../configuration.md)'],
  'Identity and propagation': ['[Identity](../identity.md)'],
  'Wrappers of your own': ['[Databases](../databases.md)'],
  Testing: [
    '[Test what your traces show](../testing.md)',
    '[`@callchain/testing`](../../packages/testing/README.md)',
  ],
  'Recording without an SDK': ['[`@callchain/recorder`](../../packages/recorder/README.md)'],
  'The viewer': ['[The viewer](../viewer.md)'],
}

/** The chapters of the page. Every public type of options is in one of them. */
const CHAPTERS = {
  'Servers: `tracing()`': ['TracingOptions', 'ListenerOptions'],
  gRPC: ['GrpcServerOptions', 'RpcServerOptions', 'RpcClientOptions'],
  'HTTP clients': ['ClientOptions', 'SendOptions'],
  Databases: [
    'DatabaseOptions',
    'TraceQueryOptions',
    'TracePgOptions',
    'TraceMysqlOptions',
    'TraceIoredisOptions',
    'TraceRedisOptions',
    'TraceMongoOptions',
  ],
  WebSockets: ['SocketOptions'],
  GraphQL: ['GraphqlOptions', 'GraphqlServerOptions'],
  Messages: [
    'MessageOptions',
    'MessageSendOptions',
    'TraceBullOptions',
    'TraceAmqpOptions',
    'TraceKafkaOptions',
    'TracePlatformaticKafkaOptions',
    'TracePgBossOptions',
    'TraceNatsOptions',
    'TraceSqsOptions',
  ],
  Jobs: ['JobOptions'],
  Loggers: ['LogFieldOptions'],
  'Starting: `startTracing()`': [
    'StartTracingOptions',
    'BatchOptions',
    'RedactOptions',
    'KeepOptions',
    'MetricsOptions',
    'KeepRuleOptions',
    'SlowPercentileOptions',
  ],
  'Identity and propagation': ['IdentityFieldOptions', 'IdentityHash', 'PropagatorOptions'],
  'Wrappers of your own': ['DatabaseTracerOptions'],
  Testing: [
    'RecorderOptions',
    'ChainOptions',
    'WaitOptions',
    'ServerContractOptions',
    'ClientContractOptions',
    'DatabaseContractOptions',
    'MessageContractOptions',
    'RpcContractOptions',
    'LogContractOptions',
  ],
  'Recording without an SDK': ['RecorderProviderOptions', 'QueueOptions'],
  'The viewer': ['ViewerOptions'],
}

const INTRO = `Every option of every package, in alphabetical order within its type. What is written
here is what your editor shows, and the types say the same. An option that is not allowed fails at
start-up with a TypeError that names the option, the value and what is allowed. For \`OTEL_*\` and
\`CALLCHAIN_*\` variables see [configuration](../configuration.md); for the command \`callchain\`,
[the viewer](../viewer.md).`.replaceAll('\n', ' ')

/** docs/reference/options.md, and what the comments of the options lack. */
export function optionsPage(names, linkTo) {
  const byName = new Map(
    names.filter(({ isOptions }) => isOptions).map((each) => [each.name, each]),
  )
  const listed = Object.values(CHAPTERS).flat()
  const faults = [
    ...[...byName.keys()]
      .filter((name) => !listed.includes(name))
      .map((name) => `${name} is in no chapter of the options page`),
    ...listed
      .filter((name) => !byName.has(name))
      .map((name) => `the options page names ${name}, which is not public`),
  ]
  if (faults.length > 0) return { text: '', faults }
  const printed = new Map()
  const chapters = Object.entries(CHAPTERS).flatMap(([title, types]) => [
    `## ${title}`,
    `When to use them: ${list(PAGES[title])}.`,
    ...types.flatMap((type) => section(byName.get(type), names, linkTo, printed, faults)),
  ])
  const index = [...byName.values()]
    .sort((a, b) => listed.indexOf(a.name) - listed.indexOf(b.name))
    .map(
      (type) =>
        `- [${code(type.name)}](#${anchor(type.name)}): ${type.members
          .map(({ name }) => code(name))
          .sort()
          .join(', ')}`,
    )
    .join('\n')
  return { text: page([...heading('Options', INTRO), index, ...chapters]), faults }
}

function section(type, names, linkTo, printed, faults) {
  const takers = names.filter(({ isType, mentions }) => !isType && mentions.includes(type.name))
  const takenBy = list(takers.map((each) => linkTo(each)))
  const before = type.members.filter(({ member }) => printed.has(member))
  const own = type.members
    .filter(({ member }) => !printed.has(member))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const { member, name } of own) printed.set(member, `#${anchor(type.name)}-${anchor(name)}`)
  const others = before.map(({ name, member }) => `[${code(name)}](${printed.get(member)})`)
  return [
    `### ${type.name}`,
    type.comment.text,
    takenBy && `Taken by ${takenBy}.`,
    others.length > 0 &&
      `${own.length > 0 ? 'Besides its own' : 'Described above'}: ${list(others)}.`,
    ...own.map((member) => option(type, member, names, linkTo, faults)),
  ]
}

function option(type, member, names, linkTo, faults) {
  const { source, name, optional, comment } = member
  const { text, byDefault, variables } = readComment(comment)
  if (comment === '') faults.push(`${type.name}.${name} has no doc comment`)
  else if (optional && byDefault === undefined && type.name !== 'SpanLimits')
    faults.push(`the comment of ${type.name}.${name} does not end in its default`)
  const shown = wordsOf(source, member.type) ?? member.type
  const known = names.filter(
    (each) =>
      each.isType && shown.match(/\b[A-Z]\w+/g)?.includes(each.name) && each.name !== type.name,
  )
  const facts = [
    `<a id="${anchor(type.name)}-${anchor(name)}"></a>**${code(name)}**`,
    code(shown),
    optional ? byDefault && `default: ${byDefault}` : 'required',
    variables && `variable: ${variables}`,
  ]
  const see =
    known.length > 0 &&
    `See ${list([...new Map(known.map((each) => [each.name, linkTo(each)])).values()])}.`
  return item([facts.filter(Boolean).join(' · '), [text, see].filter(Boolean).join(' ')])
}
