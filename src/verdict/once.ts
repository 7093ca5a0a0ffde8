/** Works a value out once for each key, when it is first asked for. */
export function once<K extends object, V>(work: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, { readonly value: V }>()
  return key => {
    let found = known.get(key)
    if (found === undefined) known.set(key, (found = { value: work(key) }))
    return found.value
  }
}
