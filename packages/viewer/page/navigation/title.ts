import { useLayoutEffect } from 'preact/hooks'

/** Names the page in its tab, in bookmarks and in the history; undefined leaves that to a part of it. */
export function useTitle(words: string | undefined): void {
  useLayoutEffect(() => {
    if (words !== undefined) document.title = `${words} · callchain`
  }, [words])
}
