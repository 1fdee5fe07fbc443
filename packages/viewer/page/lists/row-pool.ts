/** The few elements of a list: each moves to another row when its own leaves the screen. */
export interface RowPool<Row> {
  /** Shows this many rows from this index on; those that are there already stay, unless all are to be drawn again. */
  readonly show: (part: Part, fill: (row: Row, index: number) => void, isAnew: boolean) => void
  /** Puts the elements in the order of the rows, as keys and screen readers expect it. */
  readonly order: () => void
}

interface Part {
  readonly first: number
  readonly size: number
}

interface Slot<Row> {
  readonly row: Row
  index: number
}

/** Makes the pool of a list whose rows have one height; row number `i` is always in slot `i % size`. */
export function createRowPool<Row extends { readonly element: HTMLElement }>(
  list: HTMLElement,
  rowHeight: number,
  make: () => Row,
): RowPool<Row> {
  const createSlot = (): Slot<Row> => {
    const row = make()
    row.element.style.height = `${rowHeight}px`
    return { row, index: -1 }
  }
  let slots: Slot<Row>[] = []
  // The slot whose element stands first in the list, and the one of the first row.
  let ahead = 0
  let first = 0

  const resize = (size: number) => {
    if (slots.length === size) return
    slots = slots.slice(0, size)
    for (const slot of slots) slot.index = -1
    while (slots.length < size) slots.push(createSlot())
    list.replaceChildren(...slots.map(elementOf))
    ahead = 0
  }
  return {
    show(part, fill, isAnew) {
      resize(part.size)
      first = part.size === 0 ? 0 : part.first % part.size
      for (let index = part.first; index < part.first + part.size; index++) {
        const slot = slots[index % part.size]
        if (!slot || (slot.index === index && !isAnew)) continue
        if (slot.index !== index) move(slot.row.element, index * rowHeight)
        slot.index = index
        fill(slot.row, index)
      }
    },
    order() {
      if (first === ahead) return
      const [leading, rest] = [between(slots, ahead, first), between(slots, first, ahead)]
      // An element that is moved loses the focus, so only those without it are moved.
      if (leading.some(hasFocus)) list.prepend(...rest)
      else list.append(...leading)
      ahead = first
    },
  }
}

type Slots = readonly Slot<{ readonly element: HTMLElement }>[]

function elementOf({ row }: Slots[number]): HTMLElement {
  return row.element
}

/** A row that shows another item must not keep the focus: the box has it then, and its keys scroll on. */
function move(row: HTMLElement, top: number): void {
  if (hasFocus(row)) row.closest<HTMLElement>('.window-list')?.focus({ preventScroll: true })
  row.style.top = `${top}px`
}

function hasFocus(row: HTMLElement): boolean {
  return row.contains(document.activeElement)
}

/** The elements from one slot up to another, around the end. */
function between(slots: Slots, from: number, to: number): HTMLElement[] {
  const part = from <= to ? slots.slice(from, to) : [...slots.slice(from), ...slots.slice(0, to)]
  return part.map(elementOf)
}
