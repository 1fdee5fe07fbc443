export interface BaggageMember {
  readonly key: string
  readonly text: string
  readonly encodedValue: string
}

export interface ParsedBaggage {
  readonly members: readonly BaggageMember[]
  readonly dropped: number
}

export function parseBaggage(_header: string): ParsedBaggage {
  return { members: [], dropped: 0 }
}

export function decodeBaggageValue(encoded: string): string {
  return encoded
}

export function encodeBaggageValue(value: string): string {
  return encodeURIComponent(value)
}

export function isBaggageKey(key: string): boolean {
  return key !== ''
}

export function formatBaggage(members: readonly string[]): string | undefined {
  return members.length === 0 ? undefined : members.join(',')
}
