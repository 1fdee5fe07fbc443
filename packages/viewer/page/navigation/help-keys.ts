/** What a screen is called, and what its keys do. */
export type ScreenKeys = readonly [string, readonly (readonly [keys: string, does: string])[]]

/** All keys, by screen, as the sheet names them. */
export const helpKeys: readonly ScreenKeys[] = [
  [
    'Everywhere',
    [
      ['t o m l r', 'Traces, Operations, Map, Logs, Receiver'],
      ['/', 'Query, or find in the trace'],
      ['d', 'Light or dark'],
      ['Esc', 'Back, or close'],
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
      ['f', 'The subtree of the span alone, and back'],
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
      ['Enter', 'Its traces, the slowest first'],
      ['Tab Enter', 'Its slowest span'],
      ['p', 'Pause, resume'],
    ],
  ],
  [
    'Map',
    [
      ['← → ↑ ↓', 'The node or the call that lies there'],
      ['j k', 'Next, previous, callers first'],
      ['Home End', 'First, last'],
      ['Enter', 'Choose it, or let go'],
      ['Tab', 'On to its figures, or to the table of calls'],
      ['p', 'Pause, resume'],
    ],
  ],
  [
    'Logs',
    [
      ['j k ↓ ↑', 'Next, previous line'],
      ['Home End', 'First, last'],
      ['Enter', 'Its fields, or close them'],
      ['t', 'Its trace, at the span'],
      ['p', 'Pause, resume'],
    ],
  ],
  [
    'Receiver',
    [
      ['j k ↓ ↑', 'Scroll'],
      ['Home End', 'To the top, to the end'],
    ],
  ],
]
