/** What of a bind flag's value a message may show: addresses and ports, and what was left in their place. Anything else may be a password. */
export function shown(value: string): string {
  return value.length <= longest && addressLike.test(value) ? value : '…'
}

const longest = 100

/** References of the kubelet, of shells and of templates among them. */
const addressLike = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[\w.:*[\]-]|\$\([\w.-]+\)|\$\{?[A-Za-z_]\w*\}?|\{\{[\w .-]*\}\}|<no value>|<nil>)*\/?$/i
