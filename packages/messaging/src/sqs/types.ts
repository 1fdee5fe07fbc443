/** An attribute of a message, as it is sent and as it comes in. */
export interface MessageAttribute {
  readonly DataType?: string | undefined
  readonly StringValue?: string | undefined
  readonly BinaryValue?: unknown
}

/** The attributes of a message, by their names. */
export type MessageAttributes = Readonly<Record<string, MessageAttribute>>

/** What is sent: the input of a command, or an entry of one that sends several. */
export interface SentEntry {
  readonly MessageBody?: unknown
  readonly MessageAttributes?: MessageAttributes | undefined
  readonly MessageSystemAttributes?: MessageAttributes | undefined
  /** What SNS calls the body. */
  readonly Message?: unknown
}

/** The input of a command that sends. */
export interface SendInput extends SentEntry {
  readonly QueueUrl?: unknown
  /** Of a batch for SQS. */
  readonly Entries?: readonly SentEntry[] | undefined
  /** Of a batch for SNS. */
  readonly PublishBatchRequestEntries?: readonly SentEntry[] | undefined
  readonly TopicArn?: unknown
  readonly TargetArn?: unknown
}

/** What a command that sends is answered with. */
export interface SendOutput {
  readonly MessageId?: unknown
  readonly Failed?: readonly { readonly Code?: unknown }[] | undefined
}

/** The input of a command that receives. */
export interface ReceiveInput {
  readonly QueueUrl?: unknown
  readonly MessageAttributeNames?: readonly string[] | undefined
  readonly AttributeNames?: readonly string[] | undefined
  readonly MessageSystemAttributeNames?: readonly string[] | undefined
}

/** A message that came in. It is ours to change until the application gets it. */
export interface SqsMessage {
  readonly MessageId?: unknown
  readonly Body?: unknown
  MessageAttributes?: MessageAttributes | undefined
  Attributes?: Readonly<Record<string, string>> | undefined
  MD5OfMessageAttributes?: unknown
}

/** What passes one command on to the rest of the client. */
export type Next = (args: { readonly input: unknown }) => Promise<{ readonly output: unknown }>

/** What we need of a client of AWS SDK 3. */
export interface AwsClient {
  readonly config: { readonly serviceId?: unknown }
  readonly middlewareStack: {
    add(
      middleware: (next: Next, about: { readonly commandName?: unknown }) => Next,
      options: { step: 'initialize'; name: string; override: boolean },
    ): void
  }
}
