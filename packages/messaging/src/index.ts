export { traceDelivery, traceMessage, traceSend } from './delivery/trace-message.ts'
export { messageWith } from './wrapping/message-with.ts'
