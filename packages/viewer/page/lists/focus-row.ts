let frame = 0

/** Moves the focus to the row with this key, or once it is drawn: keys and screen readers go on from there. */
export function focusRow(key: string): void {
  const focus = () => {
    const row = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)
    row?.focus({ preventScroll: true })
    return row !== null
  }
  // Enter must not open the row that was left.
  if (!focus() && document.activeElement instanceof HTMLElement) document.activeElement.blur()
  const now = document.activeElement
  cancelAnimationFrame(frame)
  frame = requestAnimationFrame(() => {
    if (document.activeElement === now || isNowhere(document.activeElement)) focus()
  })
}

/** Whether the user has not moved the focus: it is in no row, or in the list's box. */
function isNowhere(element: Element | null): boolean {
  return element === null || element.matches('body, .window-list')
}
