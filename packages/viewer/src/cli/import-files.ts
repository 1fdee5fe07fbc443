import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { ImportResult } from '../contract/transfer.ts'
import { errorCode } from '../http/errors.ts'

/** Takes in the bytes of one file. */
export type Importer = (bytes: Buffer) => ImportResult | Promise<ImportResult>

/**
 * Reads files one after the other, and says of each what was in it.
 *
 * @throws Error with a sentence about the first file of which nothing could be taken in
 */
export async function importInto(
  take: Importer,
  files: readonly string[],
  say: (line: string) => void,
): Promise<void> {
  for (const file of files) {
    const bytes = await read(file)
    try {
      say(`${file}: ${sentenceFor(await take(unpacked(bytes)))}`)
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      throw new Error(`${file}: ${message}`, { cause: error })
    }
  }
}

/** A file as it is, or what was packed with gzip in it. */
function unpacked(bytes: Buffer): Buffer {
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes
}

function sentenceFor({ format, warning, ...counts }: ImportResult): string {
  const { spans, logs, merged = 0, known = 0, traces } = counts
  if (spans + logs + merged + known === 0)
    throw new Error(`Nothing was imported: ${warning ?? 'the file has no spans and no log lines'}.`)
  const many = traces.length >= 100 ? 'at least 100 traces' : plural(traces.length, 'trace')
  const taken = `${plural(spans, 'span')} and ${plural(logs, 'log line')} of ${many} (${format})`
  const more = [
    ...(merged > 0 ? [`${plural(merged, 'piece')} merged into known spans`] : []),
    ...(known > 0 ? [`${known} already known`] : []),
  ]
  const sentence = [taken, ...more].join(', ')
  return warning === undefined ? sentence : `${sentence}; ${warning}.`
}

function plural(count: number, one: string): string {
  return `${count} ${count === 1 ? one : `${one}s`}`
}

const READ_FAULTS: Readonly<Record<string, string>> = {
  EISDIR: 'is a folder; --import takes a file with OTLP, Jaeger or Zipkin JSON.',
  EACCES: 'cannot be read: this user has no permission.',
  ERR_FS_FILE_TOO_LARGE: 'is larger than 2 GiB, the limit of --import.',
}

async function read(file: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (error) {
    const code = errorCode(error) ?? ''
    if (code === 'ENOENT')
      throw new Error(
        `The file ${resolve(file)} does not exist: --import takes a file with OTLP, Jaeger or Zipkin JSON.`,
      )
    const reason =
      READ_FAULTS[code] ?? `cannot be read: ${error instanceof Error ? error.message : ''}`
    throw new Error(`${file} ${reason}`, { cause: error })
  }
}
