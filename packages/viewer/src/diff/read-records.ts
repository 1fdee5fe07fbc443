import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { RecordedChain } from '../contract/recorded-chain.ts'
import { errorCode } from '../http/errors.ts'
import { RecordError } from './record-error.ts'

/**
 * Reads the chains of a file, or of every `.ndjson` file of a folder.
 *
 * @throws RecordError with a sentence that names the file and the line, when it is not what test runs write
 */
export async function readRecords(path: string): Promise<RecordedChain[]> {
  const files = await filesOf(path)
  const chains: RecordedChain[] = []
  for (const file of files) chains.push(...readLines(file, await readFile(file, 'utf8')))
  if (chains.length > 0) return chains
  throw new RecordError(
    `${path} has no recorded chain: run the tests with CALLCHAIN_RECORD=${path}, and have them call chain() of @callchain/testing.`,
  )
}

async function filesOf(path: string): Promise<string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path]
    const names = await readdir(path)
    return names
      .filter((name) => name.endsWith('.ndjson'))
      .sort()
      .map((name) => join(path, name))
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
    throw new RecordError(
      `${path} does not exist: run the tests with CALLCHAIN_RECORD=${path} first.`,
      {
        cause: error,
      },
    )
  }
}

function readLines(file: string, text: string): RecordedChain[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return []
    return [readLine(line, `${file}:${index + 1}`)]
  })
}

function readLine(line: string, place: string): RecordedChain {
  const chain = parse(line, place)
  const { callchain: version, spans } = chain
  if (version === undefined || !Array.isArray(spans))
    throw new RecordError(
      `${place} is not a recorded chain; CALLCHAIN_RECORD=… writes files of them.`,
    )
  if (version !== 1)
    throw new RecordError(
      `${place} was written by another version of @callchain/testing (form ${JSON.stringify(version)}, this one reads 1): record both sides with the same version.`,
    )
  if (!spans.every(isSpan))
    throw new RecordError(`${place} has a span that is not one: it was changed.`)
  return chain as RecordedChain
}

function isSpan(value: unknown): boolean {
  const { name, service, children } = Object(value)
  const isNamed = typeof name === 'string' && typeof service === 'string'
  return isNamed && Array.isArray(children) && children.every(isSpan)
}

function parse(line: string, place: string): { callchain?: unknown; spans?: unknown } {
  try {
    return Object(JSON.parse(line))
  } catch (error) {
    throw new RecordError(
      `${place} is not JSON: the file was cut, or CALLCHAIN_RECORD did not write it.`,
      {
        cause: error,
      },
    )
  }
}
