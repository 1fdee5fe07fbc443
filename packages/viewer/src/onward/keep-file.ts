import { createReadStream } from 'node:fs'
import { type FileHandle, open, rename, stat } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { mergeZipkin } from '../formats/merge-zipkin.ts'
import { errorCode } from '../http/errors.ts'
import { accept } from '../ingest/accept.ts'
import type { ViewerState } from '../ingest/viewer-state.ts'
import { isObject } from '../model/json-fields.ts'
import type { Decoded } from '../model/rows.ts'
import { readOtlpJson } from '../otlp/read-json.ts'
import type { StoreChange } from '../store/memory-store.ts'
import { lineOf, linesOfStore } from './keep-lines.ts'
import { lockFile } from './lock-file.ts'
import { reasonOf } from './reason-of.ts'

/** A file that what comes in is kept in. */
export interface KeepFile {
  /** Writes what waits, and lets the file go. */
  close(): Promise<void>
}

/** The file is written anew when it is this many bytes larger than twice what the store holds. */
const SLACK_BYTES = 16 * 1024 * 1024
/** Bytes of lines that wait for the disk; beyond that, they are left out and counted. */
const MAX_WAITING = 64 * 1024 * 1024

/**
 * Reads what a file has kept into the store, and keeps in it what comes from now on: a line of OTLP JSON for each
 * request. A line that was cut off by a crash is left out. The file is written anew as it grows, so that it holds
 * at most about twice what the store does.
 *
 * @throws Error with one sentence when the file cannot be read or written, or another viewer has it
 */
export async function openKeepFile(file: string, state: ViewerState): Promise<KeepFile> {
  const unlock = await lockFile(file)
  try {
    const kept = new WrittenFile(file, state)
    await kept.begin(SLACK_BYTES)
    return { close: () => kept.close().finally(unlock) }
  } catch (error) {
    await unlock()
    throw new Error(`${file} cannot be kept in: ${reasonOf(error)}`, { cause: error })
  }
}

class WrittenFile {
  private readonly file: string
  private readonly state: ViewerState
  private handle: FileHandle | undefined
  private waiting: string[] = []
  private waitingBytes = 0
  private lost = 0
  private size = 0
  private limit = 0
  private slack = 0
  private work: Promise<void> | undefined
  private isLoading = false
  private unsubscribe: () => void = () => {}

  constructor(file: string, state: ViewerState) {
    this.file = file
    this.state = state
  }

  async begin(slack: number): Promise<void> {
    this.slack = slack
    this.unsubscribe = this.state.store.subscribe((change) => this.note(change))
    try {
      await this.load()
      await this.writeAnew()
    } catch (error) {
      this.unsubscribe()
      throw error
    }
  }

  async close(): Promise<void> {
    this.unsubscribe()
    while (this.work !== undefined) await this.work
    await this.flush().catch((error: unknown) => this.complain(error))
    await this.handle?.close()
  }

  private async load(): Promise<void> {
    if ((await stat(this.file).catch(orMissing)) === undefined) return
    const lines = createInterface({ input: createReadStream(this.file), crlfDelay: 1000 })
    for await (const line of lines) {
      const decoded = this.readLine(line)
      if (decoded === undefined) continue
      this.isLoading = true
      accept(this.state.store, decoded)
      this.isLoading = false
      this.state.log.addSenders(decoded, Date.now())
    }
  }

  /** Undefined for a line that a crash has cut off. */
  private readLine(line: string): Decoded | undefined {
    if (line === '') return undefined
    try {
      const value: unknown = JSON.parse(line)
      if (!isObject(value)) return undefined
      const decoded = readOtlpJson(value, this.state.context)
      if (value.pieces === true) decoded.merge = mergeZipkin(this.state.context)
      return decoded
    } catch {
      return undefined
    }
  }

  private note({ cleared, decoded }: StoreChange): void {
    if (this.isLoading) return
    if (cleared) {
      this.waiting = []
      this.waitingBytes = 0
      this.limit = 0
    }
    if (decoded !== undefined) this.add(lineOf(decoded))
    this.work ??= this.run()
  }

  private add(line: string): void {
    if (this.waitingBytes + line.length > MAX_WAITING) {
      this.lost += 1
      const message = `${this.lost} requests are not in ${this.file}: they came faster than it could be written.`
      this.state.log.addHint('keep', message, undefined)
      return
    }
    this.waiting.push(line)
    this.waitingBytes += line.length
  }

  private async run(): Promise<void> {
    // What comes at once is written at once.
    await new Promise((resolve) => setImmediate(resolve))
    try {
      if (this.size >= this.limit) await this.writeAnew()
      while (this.waiting.length > 0) {
        await this.flush()
        if (this.size > this.limit) await this.writeAnew()
      }
    } catch (error) {
      this.complain(error)
    } finally {
      this.work = undefined
    }
  }

  private complain(error: unknown): void {
    this.state.log.addHint('keep', `${this.file} cannot be written: ${reasonOf(error)}`, undefined)
  }

  private async flush(): Promise<void> {
    const text = this.waiting.join('')
    this.waiting = []
    this.waitingBytes = 0
    if (text === '') return
    await this.handle?.appendFile(text)
    this.size += Buffer.byteLength(text)
  }

  /** Writes what the store holds to another file, and puts that in its place, so that a crash leaves the one or the other. */
  private async writeAnew(): Promise<void> {
    const next = `${this.file}.new`
    // What waits is in the store already.
    this.waiting = []
    this.waitingBytes = 0
    const handle = await open(next, 'w', 0o600)
    let size = 0
    try {
      for (const line of linesOfStore(this.state.store)) {
        await handle.appendFile(line)
        size += Buffer.byteLength(line)
      }
      await handle.sync()
      await rename(next, this.file)
    } catch (error) {
      await handle.close()
      throw error
    }
    await this.handle?.close()
    this.handle = handle
    this.size = size
    this.limit = 2 * size + this.slack
  }
}

function orMissing(error: unknown): undefined {
  if (errorCode(error) !== 'ENOENT') throw error
}
