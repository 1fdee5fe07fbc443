import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'

/** A component whose code is loaded when it is first shown. */
export function lazy<Props extends object>(
  load: () => Promise<(props: Props) => JSX.Element>,
): (props: Props) => JSX.Element {
  let loaded: ((props: Props) => JSX.Element) | undefined
  return function Lazy(props) {
    const [, setLoaded] = useState(false)
    useEffect(() => {
      if (loaded) return
      void load().then((component) => {
        loaded = component
        setLoaded(true)
      })
    }, [])
    const Component = loaded
    return Component ? <Component {...props} /> : <div aria-busy="true" />
  }
}
