import { computed, effect, type ReadonlySignal, signal } from '@preact/signals'

const STORED = 'callchain.theme'
const system = matchMedia('(prefers-color-scheme: dark)')
const systemIsDark = signal(system.matches)
const chosen = signal(stored())
system.addEventListener('change', () => {
  systemIsDark.value = system.matches
})

/** Whether the page is dark now: as chosen, else as the system says. */
export const isDark: ReadonlySignal<boolean> = computed(() =>
  chosen.value === '' ? systemIsDark.value : chosen.value === 'dark',
)

/** Switches between light and dark; back at the system's own choice, it follows the system again. */
export function switchTheme(): void {
  const next = !isDark.value
  chosen.value = next === systemIsDark.value ? '' : next ? 'dark' : 'light'
  try {
    localStorage.setItem(STORED, chosen.value)
  } catch {
    // Then it lasts as long as the page.
  }
}

/** Keeps the document's theme in step. */
export function applyTheme(): void {
  effect(() => {
    document.documentElement.dataset.theme = isDark.value ? 'dark' : 'light'
  })
}

function stored(): string {
  try {
    return localStorage.getItem(STORED) ?? ''
  } catch {
    return ''
  }
}
