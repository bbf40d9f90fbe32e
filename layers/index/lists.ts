/** Lists by key, without empty ones. */

export const push = <K, A>(lists: Map<K, Array<A>>, key: K, value: A): void => {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}

export const keepOnly = <K, A>(lists: Map<K, Array<A>>, key: K, isKept: (value: A) => boolean): void => {
  const list = lists.get(key)
  if (list === undefined) return
  const kept = list.filter(isKept)
  if (kept.length === 0) lists.delete(key)
  else lists.set(key, kept)
}
