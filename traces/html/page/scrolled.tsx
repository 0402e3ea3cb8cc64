/** What is wider or higher than its place, and can be scrolled by keyboard, too. */
import type { ComponentChildren, JSX } from 'preact'

export function Scrolled({ label, children }: { readonly label: string; readonly children: ComponentChildren }): JSX.Element {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard (WCAG 2.1.1)
    <section class="scrolled" tabIndex={0} aria-label={label}>
      {children}
    </section>
  )
}
