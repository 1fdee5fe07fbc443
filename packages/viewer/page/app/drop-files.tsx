import { type Signal, signal } from '@preact/signals'
import type { JSX } from 'preact'
import { importFile } from '../api/client.ts'
import { saidOfImport } from '../api/imported.ts'
import { go } from '../navigation/route.ts'

const said: Signal<string> = signal('')

/** Lets files be dropped on the page. */
export function allowFiles(event: DragEvent): void {
  if (event.dataTransfer?.types.includes('Files')) event.preventDefault()
}

/** Imports what is dropped, and opens it when it is one trace. */
export async function takeFiles(event: DragEvent): Promise<void> {
  const files = [...(event.dataTransfer?.files ?? [])]
  if (files.length === 0) return
  event.preventDefault()
  const read = await Promise.all(
    files.map(async (file) => ({ name: file.name, answer: await importFile(file) })),
  )
  const traces = read.flatMap(({ answer }) => answer.value?.traces ?? [])
  said.value = saidOfImport(read)
  if (traces.length > 0) go(traces.length === 1 ? `/traces/${traces[0]}` : '/traces')
}

/** What has become of the files that were dropped; gone when it is clicked. */
export function DropNote(): JSX.Element | null {
  if (said.value === '') return null
  return (
    <p class="drop-note" role="status">
      {said.value}
      <button
        type="button"
        class="button small"
        onClick={() => {
          said.value = ''
        }}
      >
        Good
      </button>
    </p>
  )
}
