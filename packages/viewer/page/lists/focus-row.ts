/** Moves the focus to the row with this key once it is drawn: keys and screen readers go on from there. */
export function focusRow(key: string): void {
  requestAnimationFrame(() => {
    const row = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)
    row?.focus({ preventScroll: true })
  })
}
