import { type Signal, signal } from '@preact/signals'

/** A place in a file of this machine. */
export interface Place {
  readonly path: string
  readonly line: number
  readonly column: number
}

const STORED = 'callchain.editor'

/** The editors that open a file by a link: what each is called, and its link. */
export const editors: Readonly<Record<string, readonly [string, (place: Place) => string]>> = {
  vscode: ['VS Code', atEnd('vscode://file')],
  vscodium: ['VSCodium', atEnd('vscodium://file')],
  cursor: ['Cursor', atEnd('cursor://file')],
  zed: ['Zed', atEnd('zed://file')],
  webstorm: ['WebStorm', asParameters('webstorm')],
  idea: ['IntelliJ IDEA', asParameters('idea')],
}

/** The user's editor; '' makes no links. */
export const editor: Signal<string> = signal(stored())

/** Chooses an editor, here and for the next time. */
export function chooseEditor(name: string): void {
  editor.value = name
  try {
    localStorage.setItem(STORED, name)
  } catch {
    // Then it lasts as long as the page.
  }
}

/** The link that opens a place in the chosen editor; undefined when there is none, or it is not a file of a machine. */
export function editorLink(place: Place): string | undefined {
  const made = Object.hasOwn(editors, editor.value) ? editors[editor.value] : undefined
  return made && isLocal(place.path) ? made[1](place) : undefined
}

/** The place that a line of a stack names. */
export function placeIn(line: string): (Place & { readonly written: string }) | undefined {
  const found =
    /(?:^|[\s(@])((?:file:\/\/)?((?:\/|[A-Za-z]:[\\/])[^():*?"<>|]+):(\d+)(?::(\d+))?)\)?\s*$/.exec(
      line,
    )
  if (!found) return undefined
  const [, written = '', path = '', row, column] = found
  return { written, path, line: Number(row), column: Number(column ?? 1) }
}

/** An absolute path, and not the share of another machine. */
function isLocal(path: string): boolean {
  return /^(?:\/(?!\/)|[A-Za-z]:[\\/])/.test(path)
}

function atEnd(start: string): (place: Place) => string {
  return ({ path, line, column }) => `${start}${slashed(path)}:${line}:${column}`
}

function asParameters(scheme: string): (place: Place) => string {
  return ({ path, line, column }) =>
    `${scheme}://open?file=${encodeURIComponent(path)}&line=${line}&column=${column}`
}

/** The path as a URL has it, with a slash before a drive's letter. */
function slashed(path: string): string {
  const parts = path.replaceAll('\\', '/').split('/').map(encodeURIComponent)
  const text = parts.join('/').replace(/^([A-Za-z])%3A\//, '$1:/')
  return text.startsWith('/') ? text : `/${text}`
}

function stored(): string {
  try {
    return localStorage.getItem(STORED) ?? ''
  } catch {
    return ''
  }
}
