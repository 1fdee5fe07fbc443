/** The rows of a list that are there: a few, each of which moves on when it has left the sight. */
export interface RowPool<Row> {
  /** Shows so many rows from this index on; those that are there already stay, unless all are shown anew. */
  readonly show: (part: Part, fill: (row: Row, index: number) => void, isAnew: boolean) => void
  /** Puts the elements in the order of the rows, as keys and screen readers expect it. */
  readonly order: () => void
}

interface Part {
  readonly first: number
  readonly size: number
}

interface Slot<Row> {
  readonly place: HTMLElement
  readonly row: Row
  index: number
}

/** Makes the pool of a list whose rows have one height; row number `i` is always in slot `i % size`. */
export function createRowPool<Row extends { readonly element: HTMLElement }>(
  list: HTMLElement,
  rowHeight: number,
  make: () => Row,
): RowPool<Row> {
  let slots: Slot<Row>[] = []
  // The slot whose element stands first in the list, and the one of the first row.
  let ahead = 0
  let first = 0

  const resize = (size: number) => {
    if (slots.length === size) return
    slots = slots.slice(0, size)
    for (const slot of slots) slot.index = -1
    while (slots.length < size) slots.push(createSlot(rowHeight, make()))
    list.replaceChildren(...slots.map(({ place }) => place))
    ahead = 0
  }
  return {
    show(part, fill, isAnew) {
      resize(part.size)
      first = part.size === 0 ? 0 : part.first % part.size
      for (let index = part.first; index < part.first + part.size; index++) {
        const slot = slots[index % part.size]
        if (!slot || (slot.index === index && !isAnew)) continue
        if (slot.index !== index) move(slot, index, rowHeight)
        fill(slot.row, index)
      }
    },
    order() {
      if (first === ahead) return
      const [leading, rest] = [between(slots, ahead, first), between(slots, first, ahead)]
      // An element that is moved loses the focus: so those move that do not have it.
      if (leading.some(hasFocus)) list.prepend(...rest)
      else list.append(...leading)
      ahead = first
    },
  }
}

function createSlot<Row extends { readonly element: HTMLElement }>(
  rowHeight: number,
  row: Row,
): Slot<Row> {
  const place = document.createElement('div')
  place.className = 'pooled-row'
  place.setAttribute('role', 'none')
  place.style.height = `${rowHeight}px`
  place.append(row.element)
  return { place, row, index: -1 }
}

/** A row that shows another item must not keep the focus: the box has it then, and its keys scroll on. */
function move(slot: Slot<unknown>, index: number, rowHeight: number): void {
  const { place } = slot
  if (hasFocus(place)) place.closest<HTMLElement>('.window-list')?.focus({ preventScroll: true })
  slot.index = index
  place.style.top = `${index * rowHeight}px`
}

function hasFocus(place: HTMLElement): boolean {
  return place.contains(document.activeElement)
}

/** The elements from one slot up to another, around the end. */
function between(slots: readonly Slot<unknown>[], from: number, to: number): HTMLElement[] {
  const part = from <= to ? slots.slice(from, to) : [...slots.slice(from), ...slots.slice(0, to)]
  return part.map(({ place }) => place)
}
