/** What a screen is called, and what its keys do. */
export type ScreenKeys = readonly [string, readonly (readonly [keys: string, does: string])[]]

/** All keys by screen, and what a query is made of, as the sheet names them. */
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
  [
    'Queries',
    [
      ['service:orders', 'A service whose name contains it'],
      ['queue:orders', 'A message of this queue or topic'],
      ['tenant=acme', 'Exactly this tenant'],
      ['status:error', 'A failed span; status>=500 for HTTP'],
      ['dur>200ms', 'A span that took longer'],
      ['sql~/^select/', 'A statement that fits an expression'],
      ['region=eu', 'Any attribute; region=* if it is there'],
      ['!name:health', 'No span of the trace'],
    ],
  ],
]
