import { change, parameter } from '../navigation/route.ts'

/** Whether the address asks to move spans of other clocks to where they must have been. */
export function areClocksCorrected(): boolean {
  return parameter('clocks') === 'corrected'
}

/** Moves the spans of other clocks, or shows them as they were sent. */
export function correctClocks(isOn: boolean): void {
  change({ clocks: isOn ? 'corrected' : undefined })
}
