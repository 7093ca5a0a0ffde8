/** The same, worked out once for each thing that it is asked of. */
export function once<From, To extends {}>(make: (from: From) => To): (from: From) => To {
  const made = new Map<From, To>()
  return from => {
    const known = made.get(from)
    const now = known ?? make(from)
    if (known === undefined) made.set(from, now)
    return now
  }
}
