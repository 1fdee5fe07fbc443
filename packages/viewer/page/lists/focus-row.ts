/** Moves the focus to the row with this key, or once it is drawn: keys and screen readers go on from there. */
export function focusRow(key: string): void {
  const focus = () => {
    const row = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)
    row?.focus({ preventScroll: true })
    return row !== null
  }
  // Enter must not open the row that was left.
  if (!focus() && document.activeElement instanceof HTMLElement) document.activeElement.blur()
  requestAnimationFrame(() => {
    if (!document.activeElement?.matches('input, textarea, select')) focus()
  })
}
