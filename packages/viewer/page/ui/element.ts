/** Makes an element with a class and what is in it: for rows that are filled by hand. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className: string,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name)
  if (className) made.className = className
  made.append(...children)
  return made
}

/** Writes a text if it differs: an unchanged text costs no layout. */
export function setText(text: Text, words: string): void {
  if (text.data !== words) text.data = words
}
