/** Texts of any characters inside the labels of Graphviz and of Mermaid. */

/** For a field of a record's label in double quotes: nothing in it ends the string or the field, or is taken for a port. */
export function dotEscaped(text: string): string {
  return (
    text
      // Graphviz reads the entities of HTML in labels.
      .replaceAll('&', '&amp;')
      .replace(/[\\"{}|<>]/g, '\\$&')
      .replace(/\r\n|\r|\n/g, '\\n')
      // Records swallow all but one of several spaces.
      .replace(/(?<= ) /g, '\\ ')
  )
}

/**
 * For a label in double quotes. All but letters, digits and a little punctuation becomes an entity, also `:`, `#` and `;`, since Mermaid
 * looks for styles by regular expressions before it parses.
 */
export function mermaidEscaped(text: string): string {
  return text.replace(/[^\p{L}\p{M}\p{N} .,=/…-]/gu, (character) => `#${character.codePointAt(0)};`)
}
