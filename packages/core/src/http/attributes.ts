// Every attribute key that any package writes, as OpenTelemetry's semantic conventions 1.44 name it.
// https://opentelemetry.io/docs/specs/semconv/http/ and /database/

export const HTTP_REQUEST_METHOD = 'http.request.method'
export const HTTP_REQUEST_METHOD_ORIGINAL = 'http.request.method_original'
export const HTTP_REQUEST_RESEND_COUNT = 'http.request.resend_count'
export const HTTP_REQUEST_HEADER_PREFIX = 'http.request.header.'
export const HTTP_RESPONSE_STATUS_CODE = 'http.response.status_code'
export const HTTP_RESPONSE_HEADER_PREFIX = 'http.response.header.'
export const HTTP_ROUTE = 'http.route'
export const URL_FULL = 'url.full'
export const URL_PATH = 'url.path'
export const URL_QUERY = 'url.query'
export const URL_SCHEME = 'url.scheme'
export const URL_TEMPLATE = 'url.template'
export const SERVER_ADDRESS = 'server.address'
export const SERVER_PORT = 'server.port'
export const CLIENT_ADDRESS = 'client.address'
export const CLIENT_PORT = 'client.port'
export const NETWORK_PEER_ADDRESS = 'network.peer.address'
export const NETWORK_PEER_PORT = 'network.peer.port'
export const NETWORK_PROTOCOL_NAME = 'network.protocol.name'
export const NETWORK_PROTOCOL_VERSION = 'network.protocol.version'
export const USER_AGENT_ORIGINAL = 'user_agent.original'
export const ERROR_TYPE = 'error.type'
export const EXCEPTION_TYPE = 'exception.type'
export const EXCEPTION_MESSAGE = 'exception.message'
export const EXCEPTION_STACKTRACE = 'exception.stacktrace'
/** Our own: what a recorded log line says. */
export const LOG_SEVERITY = 'log.severity'
export const LOG_MESSAGE = 'log.message'

export const DB_SYSTEM_NAME = 'db.system.name'
export const DB_NAMESPACE = 'db.namespace'
export const DB_QUERY_TEXT = 'db.query.text'
export const DB_QUERY_SUMMARY = 'db.query.summary'
export const DB_QUERY_PARAMETER_PREFIX = 'db.query.parameter.'
export const DB_OPERATION_NAME = 'db.operation.name'
export const DB_OPERATION_BATCH_SIZE = 'db.operation.batch.size'
export const DB_COLLECTION_NAME = 'db.collection.name'
export const DB_RESPONSE_STATUS_CODE = 'db.response.status_code'
/** Our own: the milliseconds from a request to the first byte of a stream of events. */
export const HTTP_TIME_TO_FIRST_BYTE = 'callchain.http.time_to_first_byte'
/** Our own: true on a call that was cancelled, by anyone. */
export const CALLED_OFF = 'callchain.called_off'
/** Our own: the milliseconds a statement waited for a connection of its pool. */
export const DB_POOL_WAIT = 'callchain.db.pool_wait'

// https://opentelemetry.io/docs/specs/semconv/messaging/, status Development.
export const MESSAGING_SYSTEM = 'messaging.system'
export const MESSAGING_OPERATION_NAME = 'messaging.operation.name'
export const MESSAGING_OPERATION_TYPE = 'messaging.operation.type'
export const MESSAGING_DESTINATION_NAME = 'messaging.destination.name'
export const MESSAGING_DESTINATION_TEMPLATE = 'messaging.destination.template'
export const MESSAGING_DESTINATION_TEMPORARY = 'messaging.destination.temporary'
export const MESSAGING_DESTINATION_PARTITION_ID = 'messaging.destination.partition.id'
export const MESSAGING_BATCH_MESSAGE_COUNT = 'messaging.batch.message_count'
export const MESSAGING_CONSUMER_GROUP_NAME = 'messaging.consumer.group.name'
export const MESSAGING_MESSAGE_ID = 'messaging.message.id'
export const MESSAGING_MESSAGE_CONVERSATION_ID = 'messaging.message.conversation_id'
/** Our own: which delivery of a message it is, from 1. */
export const MESSAGE_ATTEMPT = 'callchain.message.attempt'
/** Our own: the milliseconds from sending a message to handling it. */
export const MESSAGE_AGE = 'callchain.message.age'
/** Our own: the name of a job. */
export const JOB_NAME = 'callchain.job.name'

// https://opentelemetry.io/docs/specs/semconv/rpc/, status Release Candidate.
export const RPC_SYSTEM_NAME = 'rpc.system.name'
export const RPC_METHOD = 'rpc.method'
export const RPC_RESPONSE_STATUS_CODE = 'rpc.response.status_code'
export const RPC_REQUEST_METADATA_PREFIX = 'rpc.request.metadata.'
export const RPC_RESPONSE_METADATA_PREFIX = 'rpc.response.metadata.'
/** Our own: which attempt of a call it was, from 1, where it was not the first. */
export const RPC_ATTEMPT = 'callchain.rpc.attempt'
/** Our own: how many messages a stream has sent. */
export const RPC_SENT_MESSAGES = 'callchain.rpc.sent_messages'
/** Our own: how many messages a stream has received. */
export const RPC_RECEIVED_MESSAGES = 'callchain.rpc.received_messages'
