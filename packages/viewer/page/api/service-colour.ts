import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals'
import { colourIndexes, wantedColour } from '../format/colour-indexes.ts'
import { read } from './client.ts'

const ASK_AGAIN_MILLIS = 1000

const order: Signal<readonly string[]> = signal([])
let lastAsked = 0

/** Which colour each service that the viewer has heard of has; canvases draw again when it changes. */
export const serviceColours: ReadonlySignal<ReadonlyMap<string, number>> = computed(() =>
  colourIndexes(order.value),
)

/** Asks the viewer for its services, whose order decides between two that want the same colour. */
export async function loadServiceOrder(): Promise<void> {
  lastAsked = Date.now()
  const { value } = await read('services', {})
  if (value && value.services.join('\n') !== order.peek().join('\n')) order.value = value.services
}

/** The colour of a service, as a CSS value: the same on every screen, for everyone who looks. */
export function serviceColour(service: string): string {
  return `var(--s${indexOf(service)})`
}

/** The colour of words on that colour. */
export function inkOn(service: string): string {
  return `var(--i${indexOf(service)})`
}

/** The colour as the canvas needs it, in the theme of now. */
export function canvasColour(service: string): string {
  return cssVariable(`--s${indexOf(service)}`)
}

/** A colour of the theme by its name. */
export function cssVariable(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}

function indexOf(service: string): number {
  const known = serviceColours.value.get(service)
  if (known !== undefined) return known
  if (Date.now() - lastAsked > ASK_AGAIN_MILLIS) void loadServiceOrder()
  return wantedColour(service)
}
