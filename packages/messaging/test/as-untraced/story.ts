import { once } from 'node:events'
import { createRecorder } from '@callchain/testing'
import { expect, it } from '@jest/globals'
import { SpanKind } from '@opentelemetry/api'

/** A queue and its only consumer, as an application uses them. */
export interface Queue {
  send(body: string): Promise<unknown>
  /** Begins to consume. A handler that rejects has failed at its message; one that resolves is done with it. */
  consume(handle: (body: string) => Promise<void>): Promise<unknown>
  /** Asks the broker, whose answer comes after what it has had to deliver. */
  ask(): Promise<unknown>
  /** Stops consuming, as an application does before it ends. */
  stop(): Promise<unknown>
  /** How many messages nobody has acknowledged. */
  left(): Promise<number>
  close(): Promise<unknown>
}

/** What a system does, with tracing and without. */
export interface Behaviour {
  /** How many messages are handled at once, at most. */
  readonly atOnce: number
  /** Whether a message comes again whose handler has failed. */
  readonly retries: boolean
  /** Whether stopping waits for the handlers that run. */
  readonly stopWaits: boolean
}

/**
 * Declares a test: what is delivered, in which order, how much at once, what comes again, what stopping
 * waits for and what is left is with tracing as it is without.
 */
export function behavesAsUntraced(
  name: string,
  behaviour: Behaviour,
  open: (isTraced: boolean) => Promise<Queue>,
): void {
  const { atOnce } = behaviour
  const title = `${name}, ${atOnce} at once, delivers, holds back, retries and stops as without tracing`
  it(title, async () => {
    const untraced = await tellStory(behaviour, await open(false))
    const recorder = createRecorder()
    const traced = await tellStory(behaviour, await open(true))
    expect(traced).toEqual(untraced)
    const { retries, stopWaits } = behaviour
    expect(untraced).toEqual({
      first: ['1', '2', '3', '4'],
      again: retries ? ['2'] : [],
      mostAtOnce: atOnce,
      ending: stopWaits ? ['handled', 'stopped'] : ['stopped', 'handled'],
      left: 1,
    })
    const kinds = recorder.spans().map(({ kind }) => kind)
    const handled = 4 + (retries ? 1 : 0) + atOnce
    expect(kinds.filter((kind) => kind === SpanKind.CONSUMER)).toHaveLength(handled)
    expect(kinds.filter((kind) => kind === SpanKind.PRODUCER)).toHaveLength(4 + atOnce + 1)
    await recorder.shutdown()
  })
}

// Of the application's own: some libraries take built-in ones for bugs, and retry nothing.
class HandlerFailed extends Error {}

interface Story {
  readonly first: string[]
  readonly again: string[]
  mostAtOnce: number
  readonly ending: string[]
  left: number
}

async function tellStory({ atOnce, retries, stopWaits }: Behaviour, queue: Queue): Promise<Story> {
  const story: Story = { first: [], again: [], mostAtOnce: 0, ending: [], left: 0 }
  const happened = new EventTarget()
  const running = new Set<string>()
  let isReleased = false
  let ended = 0
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await once(happened, 'change')
  }
  const tell = (): unknown => happened.dispatchEvent(new Event('change'))
  const handle = async (body: string): Promise<void> => {
    running.add(body)
    story.mostAtOnce = Math.max(story.mostAtOnce, running.size)
    tell()
    try {
      if (body.startsWith('last')) return await until(() => isReleased)
      const isFirst = !story.first.includes(body)
      ;(isFirst ? story.first : story.again).push(body)
      // As many as may be handled at once wait for each other, and for one more that should not come.
      await until(() => story.first.length >= atOnce)
      await queue.ask()
      if (body === '2' && isFirst) throw new HandlerFailed('at first')
    } finally {
      running.delete(body)
      ended += 1
      tell()
    }
  }
  for (const body of ['1', '2', '3', '4']) await queue.send(body)
  await queue.consume(handle)
  await until(() => ended === (retries ? 5 : 4))
  const last = Array.from({ length: atOnce }, (_, index) => `last ${index}`)
  for (const body of last) await queue.send(body)
  await until(() => running.size === atOnce)
  await queue.send('after')
  await queue.ask()
  const release = async (): Promise<void> => {
    isReleased = true
    tell()
    await until(() => running.size === 0)
    story.ending.push('handled')
  }
  const stop = async (): Promise<void> => {
    await queue.stop()
    story.ending.push('stopped')
  }
  if (stopWaits) {
    const stopping = stop()
    await queue.ask()
    await Promise.all([release(), stopping])
  } else {
    await stop()
    await release()
  }
  await queue.ask()
  story.left = await queue.left()
  await queue.close()
  // Those that begin at once may begin in any order.
  return atOnce === 1 ? story : { ...story, first: story.first.toSorted() }
}
