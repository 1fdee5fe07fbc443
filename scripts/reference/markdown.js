/** The first lines of a page, which say where it comes from. */
export function heading(title, intro) {
  return [
    '<!-- Written by scripts/reference.js from the doc comments of the types. Do not edit. -->',
    `# ${title}`,
    intro,
  ]
}

/** Text as inline code, whatever backticks it has. */
export function code(text) {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``
}

/** A page of its parts, with an empty line between any two. */
export function page(parts) {
  return `${parts.filter(Boolean).join('\n\n')}\n`
}

/** The anchor that a heading of this one word gets. */
export function anchor(text) {
  return text.toLowerCase().replace(/[^\w-]/g, '')
}

/** `a, b and c`. */
export function list(items) {
  if (items.length < 2) return items.join('')
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
}

/** Lines after the first are indented, so that they stay in the item of a list. */
export function item(parts) {
  const text = parts.filter(Boolean).join('\n\n')
  return `- ${text.replace(/\n(?=.)/g, '\n  ')}`
}

/** What a function throws, besides what its prose says. */
export function thrown(throws) {
  return throws.map((each) => `Throws ${each.replace(/^(\w+)/, 'a $1').replace(/^a E/, 'an E')}.`)
}
