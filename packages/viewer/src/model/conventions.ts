// Attribute keys of OpenTelemetry's conventions; after each its older names, which are still sent.

/** Tenant. */
export const TENANT: readonly string[] = ['tenant.id', 'tenant', 'tenantId']
/** User. */
export const USER: readonly string[] = ['user.id', 'enduser.id']
/** Route template of an HTTP request. */
export const ROUTE: readonly string[] = ['http.route']
/** Method of an HTTP request. */
export const METHOD: readonly string[] = ['http.request.method', 'http.method']
/** Status code of an HTTP response. */
export const HTTP_STATUS: readonly string[] = ['http.response.status_code', 'http.status_code']
/** URL of an HTTP request. */
export const URL_KEYS: readonly string[] = ['url.full', 'http.url', 'url.path', 'http.target']
/** Text of a database statement. */
export const STATEMENT: readonly string[] = ['db.query.text', 'db.statement', 'sql.query']
/** Database system. */
export const DB_SYSTEM: readonly string[] = ['db.system.name', 'db.system']
/** Database name. */
export const DB_NAME: readonly string[] = ['db.namespace', 'db.name']
/** Database operation. */
export const DB_OPERATION: readonly string[] = ['db.operation.name', 'db.operation']
/** Operation and table of a statement in one line. */
export const DB_SUMMARY: readonly string[] = ['db.query.summary']
/** Table or collection. */
export const DB_COLLECTION: readonly string[] = [
  'db.collection.name',
  'db.sql.table',
  'db.mongodb.collection',
]
/** Messaging system. */
export const MESSAGING_SYSTEM: readonly string[] = ['messaging.system']
/** Queue or topic; last as Brave's tracers say it. */
export const DESTINATION: readonly string[] = [
  'messaging.destination.name',
  'messaging.destination',
  'message_bus.destination',
  'kafka.topic',
  'jms.queue',
  'jms.topic',
  'rabbit.queue',
  'rabbit.exchange',
]
/** Queue or topic without what is another for each message. */
export const DESTINATION_TEMPLATE: readonly string[] = ['messaging.destination.template']
/** Whether the queue has a generated name. */
export const DESTINATION_TEMPORARY: readonly string[] = [
  'messaging.destination.temporary',
  'messaging.destination.anonymous',
  'messaging.temp_destination',
]
/** Routing key of RabbitMQ: the queue, where there is no exchange. */
export const ROUTING_KEY: readonly string[] = [
  'messaging.rabbitmq.destination.routing_key',
  'messaging.rabbitmq.routing_key',
  'rabbit.routing_key',
]
/** What was done with messages; the system's own word last. */
export const MESSAGE_OPERATION: readonly string[] = [
  'messaging.operation.type',
  'messaging.operation',
  'messaging.operation.name',
]
/** How long before it was handled a message was sent, in milliseconds. */
export const MESSAGE_AGE: readonly string[] = ['callchain.message.age']
/** How many messages a batch has. */
export const BATCH_COUNT: readonly string[] = ['messaging.batch.message_count']
/** RPC system. */
export const RPC_SYSTEM: readonly string[] = ['rpc.system.name', 'rpc.system']
/** The host that is called, or a name for it. */
export const PEER: readonly string[] = [
  'peer.service',
  'service.peer.name',
  'server.address',
  'net.peer.name',
  'http.host',
  'network.peer.address',
  'net.sock.peer.name',
  'net.peer.ip',
  'net.sock.peer.addr',
]
/** The port that is called. */
export const PEER_PORT: readonly string[] = [
  'server.port',
  'net.peer.port',
  'network.peer.port',
  'net.sock.peer.port',
]

/** Short keys of the query language, and what they stand for. */
export const ALIASES: ReadonlyMap<string, readonly string[]> = new Map([
  ['tenant', TENANT],
  ['user', USER],
  ['route', ROUTE],
  ['method', METHOD],
  ['sql', STATEMENT],
  ['db', DB_SYSTEM],
  ['queue', [...DESTINATION, ...DESTINATION_TEMPLATE]],
])
