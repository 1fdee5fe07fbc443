/** What a screen is called, and what its keys do. */
export type ScreenKeys = readonly [string, readonly (readonly [keys: string, does: string])[]]

/** All keys, by screen, as the sheet names them. */
export const helpKeys: readonly ScreenKeys[] = [
  [
    'Everywhere',
    [
      ['t o m l r', 'Traces, Operations, Map, Logs, Receiver'],
      ['/', 'Search: query, or find in the trace'],
      ['d', 'Light or dark theme'],
      ['Esc', 'Go back or close'],
      ['?', 'This sheet'],
    ],
  ],
  [
    'Traces',
    [
      ['j k ↓ ↑', 'Next, previous'],
      ['Home End', 'First, last'],
      ['Enter', 'Open'],
      ['x', 'Hide its operation'],
      ['p', 'Pause, resume'],
    ],
  ],
  [
    'Trace',
    [
      ['j k ↓ ↑', 'Next, previous span'],
      ['Home End', 'First, last span'],
      ['← →', 'Fold, unfold'],
      ['[ ]', 'Fold all, unfold all'],
      ['e E', 'Next, previous error'],
      ['n N', 'Next, previous match'],
      ['f', 'Only this subtree, and back'],
      ['c', 'Critical path'],
      ['z', 'The whole trace in time'],
      ['1 – 5', 'Timeline, SQL, Logs, Map, JSON'],
    ],
  ],
  [
    'Operations',
    [
      ['j k ↓ ↑', 'Next, previous'],
      ['Home End', 'First, last'],
      ['Enter', 'Its traces, slowest first'],
      ['Tab Enter', 'Its slowest span'],
      ['p', 'Pause, resume'],
    ],
  ],
  [
    'Map',
    [
      ['← → ↑ ↓', 'Node or call in that direction'],
      ['j k', 'Next, previous, callers first'],
      ['Home End', 'First, last'],
      ['Enter', 'Select or deselect it'],
      ['Tab', 'Go to its figures or the table of calls'],
      ['p', 'Pause, resume'],
    ],
  ],
  [
    'Logs',
    [
      ['j k ↓ ↑', 'Next, previous line'],
      ['Home End', 'First, last'],
      ['Enter', 'Open or close its fields'],
      ['t', 'Its trace, at the span'],
      ['p', 'Pause, resume'],
    ],
  ],
  [
    'Receiver',
    [
      ['j k ↓ ↑', 'Scroll'],
      ['Home End', 'To the top or the end'],
    ],
  ],
]
