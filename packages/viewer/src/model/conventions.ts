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
/** Queue or topic. */
export const DESTINATION: readonly string[] = [
  'messaging.destination.name',
  'messaging.destination',
]
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
])
