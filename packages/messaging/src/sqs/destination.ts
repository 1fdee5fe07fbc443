import type { MessageDestination } from '@callchain/core'
import type { SendInput } from './types.ts'

type Destination = Pick<
  MessageDestination,
  'system' | 'destination' | 'serverAddress' | 'serverPort' | 'attributes'
>

/** A queue by its URL: its name is the last part, its host the server. */
export function queueOf(url: unknown): Destination {
  const text = typeof url === 'string' ? url : ''
  const parsed = URL.canParse(text) ? new URL(text) : undefined
  return {
    system: 'aws_sqs',
    destination: text.split('/').at(-1) || undefined,
    ...(parsed !== undefined && {
      serverAddress: parsed.hostname,
      serverPort: Number(parsed.port) || (parsed.protocol === 'http:' ? 80 : 443),
      attributes: { 'aws.sqs.queue.url': text },
    }),
  }
}

/** A topic by its ARN, whose last part is its name. A telephone number is nobody's to record. */
export function topicOf({ TopicArn, TargetArn }: SendInput): Destination {
  const arn = TopicArn ?? TargetArn
  if (typeof arn !== 'string') return { system: 'aws.sns', destination: undefined }
  return {
    system: 'aws.sns',
    destination: arn.split(':').at(-1) || undefined,
    attributes: { 'aws.sns.topic.arn': arn },
  }
}
