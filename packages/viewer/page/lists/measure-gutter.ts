/** Tells the style sheets how wide the scroll bar of a list is: what stands above a list leaves as much room. */
export function measureGutter(): void {
  const list = document.createElement('div')
  list.className = 'window-list'
  list.style.width = '100px'
  document.body.append(list)
  const width = list.offsetWidth - list.clientWidth
  list.remove()
  document.documentElement.style.setProperty('--gutter', `${width}px`)
}
