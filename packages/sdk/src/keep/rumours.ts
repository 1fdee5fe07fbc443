/** Most traces that are told at once: about 530 bytes of a header. */
const MAX_TOLD = 16

/** The traces that were kept lately, for the services that may have parts of them. */
export class Rumours {
  private readonly millis: number
  private readonly told: { readonly traceId: string; readonly until: number }[] = []
  private text: string | undefined

  /** @param millis how long a trace is told */
  constructor(millis: number) {
    this.millis = millis
  }

  add(traceId: string): void {
    if (this.millis === 0) return
    this.told.push({ traceId, until: performance.now() + this.millis })
    if (this.told.length > MAX_TOLD) this.told.shift()
    this.text = undefined
  }

  /** The ids, with commas between them; undefined when there are none. */
  read(): string | undefined {
    if (this.told.length === 0) return undefined
    const now = performance.now()
    while (this.told[0] !== undefined && this.told[0].until < now) {
      this.told.shift()
      this.text = undefined
    }
    if (this.told.length === 0) return undefined
    this.text ??= this.told.map(({ traceId }) => traceId).join(',')
    return this.text
  }
}
