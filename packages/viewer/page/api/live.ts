import { type Signal, signal } from '@preact/signals'
import type { Stats } from '../../src/contract/receiver.ts'

/** What the viewer keeps, as last heard. */
export const stats: Signal<Stats | undefined> = signal()
/** Whether the viewer can be heard. */
export const isConnected: Signal<boolean> = signal(true)
/** Whether lists stand still. */
export const isPaused: Signal<boolean> = signal(false)
