/** Whether the page is being printed: what is not in sight is drawn only then. */
import { useLayoutEffect, useState } from 'preact/hooks'

export function usePrinting(): boolean {
  const [isPrinting, setPrinting] = useState(() => matchMedia('print').matches)
  useLayoutEffect(() => {
    // Browsers tell by one or the other, and draw the paper when both have been heard.
    const print = matchMedia('print')
    const follow = (): void => setPrinting(print.matches)
    const begin = (): void => setPrinting(true)
    const end = (): void => setPrinting(print.matches)
    print.addEventListener('change', follow)
    addEventListener('beforeprint', begin)
    addEventListener('afterprint', end)
    return () => {
      print.removeEventListener('change', follow)
      removeEventListener('beforeprint', begin)
      removeEventListener('afterprint', end)
    }
  }, [])
  return isPrinting
}
