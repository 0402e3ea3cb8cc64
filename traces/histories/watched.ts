/** The same items, each told of before whoever asked for it gets it. */
export function* watched<T>(items: Iterable<T>, onItem: (item: T) => void): Generator<T, void, undefined> {
  for (const item of items) {
    onItem(item)
    yield item
  }
}
