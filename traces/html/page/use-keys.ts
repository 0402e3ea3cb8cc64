/** Keys that work wherever the focus is, but where it has a use for them itself. */
import { useEffect } from 'preact/hooks'

export function useKeys(keys: Readonly<Record<string, () => unknown>>): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const act = keys[event.key]
      if (act === undefined || event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return
      const { target } = event
      if (target instanceof Element && target.matches('input, select, textarea, [role=tab]')) return
      event.preventDefault()
      act()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  })
}
