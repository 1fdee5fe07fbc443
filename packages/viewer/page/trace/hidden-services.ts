import { change, parameter } from '../navigation/route.ts'

/** The services that the address says to leave out of the waterfall. */
export function hiddenServices(): ReadonlySet<string> {
  const text = parameter('hide')
  return new Set(text === '' ? [] : text.split(',').map(decode))
}

/** Leaves these services out of the waterfall, and no other. */
export function hideServices(names: Iterable<string>): void {
  change({ hide: [...names].map(encodeURIComponent).join(',') })
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
