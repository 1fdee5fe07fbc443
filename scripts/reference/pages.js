import { apiPage } from './api-page.js'
import { anchor, code, heading, page } from './markdown.js'
import { optionsPage } from './options-page.js'
import { readEntries } from './public-names.js'

/** The pages of docs/reference by file, and what the doc comments lack. */
export function referencePages(packages) {
  const entries = readEntries(packages)
  const names = publicNames(entries)
  const options = optionsPage(names, (each) =>
    each.isOptions ? `[${code(each.name)}](#${anchor(each.name)})` : link(each, 'api/'),
  )
  const pages = new Map([['options.md', options.text]])
  for (const each of packages) {
    const here = (target, from) => {
      const found = names.find(({ name, home }) => name === target.name && home === target.home)
      return link(found, '', from)
    }
    pages.set(`api/${each.name}.md`, apiPage(each, entries, names, here))
  }
  pages.set('README.md', indexPage(packages))
  const faults = names
    .filter(({ comment }) => comment.text === '')
    .map(({ name, home }) => `${name} of ${home} has no doc comment`)
  return { pages, faults: [...faults, ...options.faults] }
}

function indexPage(packages) {
  const intro =
    'What is written here comes from the doc comments that your editor shows, and is checked with every change.'
  const rows = packages.map(
    ({ name, manifest }) => `- [${code(manifest.name)}](api/${name}.md): ${manifest.description}`,
  )
  const options = '- [Options](options.md): every option of every package, with its default.'
  return page([...heading('Reference', intro), [options, ...rows].join('\n')])
}

/** Each declaration once, though several entries offer it, with the anchor that its heading gets. */
function publicNames(entries) {
  const all = entries.flatMap(({ values, types }) => [...values, ...types])
  const isSame = (a, b) => a.name === b.name && a.home === b.home
  const once = all.filter((each, index) => all.findIndex((other) => isSame(each, other)) === index)
  const values = once.filter(({ isType }) => !isType)
  return once.map((each) => {
    const isTaken = (value) => value.home === each.home && anchor(value.name) === anchor(each.name)
    const isSecond = each.isType && values.some(isTaken)
    return { ...each, anchor: isSecond ? `${anchor(each.name)}-1` : anchor(each.name) }
  })
}

/** A link to where a name is described, from the page of a package, or from elsewhere. */
function link({ name, home, isFunction, anchor }, folder, from) {
  const file = home === from ? '' : `${folder}${home}.md`
  return `[${code(isFunction ? `${name}()` : name)}](${file}#${anchor})`
}
