/** What surrounds an example where it is compiled and run. */
export interface Setting {
  /** Code that stands before the example: what it takes for granted. */
  readonly before?: string
  /** Code that stands after it: uses what the example has made, and checks what came of it. */
  readonly after?: string
  /** Texts of the example, and what stands in their place: hosts that do not exist here. */
  readonly instead?: Readonly<Record<string, string>>
  /** What it prints. */
  readonly prints?: RegExp
  /** Whether it sets OpenTelemetry up itself, so that it runs in a process of its own, without a recorder. */
  readonly isAlone?: boolean
  /** Why it is compiled only, if it is. */
  readonly onlyCompiled?: string
}

/** Settings by the example's name. */
export type Settings = Readonly<Record<string, Setting>>

/** The server that stands for every host of the examples. */
export interface Origin {
  readonly url: string
}
