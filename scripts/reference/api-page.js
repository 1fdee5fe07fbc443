import { readComment } from './doc-comment.js'
import { anchor, code, heading, item, list, page, thrown } from './markdown.js'

/** The page of one package: what each of its entries offers. */
export function apiPage({ name, manifest }, entries, names, linkTo) {
  const own = entries.filter(({ packageName }) => packageName === name)
  const intro = `${manifest.description} What to do with it is in [its README](../../../packages/${name}/README.md).`
  const described = new Set()
  return page([
    ...heading(code(manifest.name), intro),
    ...own.flatMap((entry) => entryPart(entry, own.length, name, linkTo, described, names)),
  ])
}

function entryPart({ entry, values, types }, count, packageName, linkTo, described, names) {
  const all = [...values, ...types]
  const isHere = ({ home, name }) => home === packageName && !described.has(name)
  const here = all.filter(isHere)
  const elsewhere = all.filter((each) => !isHere(each))
  for (const { name } of here) described.add(name)
  const contents = here.map((each) => linkTo(each, packageName)).join(' · ')
  const also = list(elsewhere.map((each) => linkTo(each, packageName)))
  const level = count > 1 ? '###' : '##'
  return [
    count > 1 && `## ${code(entry)}`,
    contents,
    also && `It also offers ${also}.`,
    all.length === 0 && NOTHING,
    ...here.flatMap((each) =>
      (each.isType ? typePart : valuePart)(each, level, names, linkTo, packageName),
    ),
  ]
}

const NOTHING =
  'It offers no name: importing it calls `startTracing()`, as `node --import` does before the application. Everything is set by the environment.'

function valuePart(each, level, names, linkTo, packageName) {
  const { name, isFunction, comment, signatures } = each
  const { text, throws, returns, examples } = comment
  return [
    `${level} ${name}${isFunction ? '()' : ''}`,
    fence(signatures.join('\n')),
    text,
    ...returns.map((what) => `Returns ${what}.`),
    ...thrown(throws),
    seePart(each, names, linkTo, packageName),
    ...examples,
  ]
}

function typePart(each, level, names, linkTo, packageName) {
  const { name, comment, signatures, members, isOptions } = each
  const title = `${level} ${name}`
  if (isOptions)
    return [title, comment.text, `Its options: [${code(name)}](../options.md#${anchor(name)}).`]
  const see = seePart(each, names, linkTo, packageName)
  const plain = signatures[0].startsWith('type ') || members === undefined
  return [
    title,
    plain && fence(signatures[0]),
    comment.text,
    ...(plain ? [] : [members.map(memberPart).join('\n')]),
    see,
  ]
}

function memberPart({ comment, text }) {
  const { text: prose, byDefault, throws } = readComment(comment)
  const isOwnDefault = byDefault && `Default: ${byDefault}.`
  return item([
    [
      code(text.replace(/^readonly /, '')),
      [prose, isOwnDefault, ...thrown(throws)].filter(Boolean).join(' '),
    ]
      .filter(Boolean)
      .join(': '),
  ])
}

function seePart({ name, mentions }, names, linkTo, packageName) {
  const known = [...new Set(mentions)].flatMap((mention) => {
    const found = names.find((each) => each.isType && each.name === mention && mention !== name)
    return found ? [linkTo(found, packageName)] : []
  })
  return known.length > 0 && `See ${list(known)}.`
}

function fence(text) {
  return `\`\`\`ts\n${text}\n\`\`\``
}
