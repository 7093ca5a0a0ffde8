import { at, entriesAt, isNull, itemsAt, placeAt, placeOf, textAt } from '../yaml/tree.ts'
import type { Place, Tree } from '../yaml/tree.ts'

/** What a container's environment is made of besides its own words. */
export interface Surroundings {
  /** The pod's namespace; undefined where Helm fills it in. */
  readonly namespace: string | undefined
  /** The data of a ConfigMap of the same namespace, where the stream holds it. */
  readonly configMap: (name: string) => Tree | undefined
}

/** A variable of a container's environment. */
export interface Variable {
  readonly name: string
  /** References resolved; undefined where only the cluster knows it (a Secret, the pod's address). */
  readonly value: string | undefined
  /** In words: `variable X`, `variable X of ConfigMap y`. */
  readonly what: string
  /** The field of the pod that it is taken from: `status.hostIP`. */
  readonly fieldPath?: string
  readonly place: Place
}

/** A container's environment in the order of its precedence: `envFrom` first, then `env`, whose later entries see earlier ones. */
export function toVariables(container: Tree, surroundings: Surroundings): Variable[] {
  const variables = itemsAt(container, 'envFrom').flatMap(source => fromConfigMap(source, surroundings))
  const before = valuesOf(variables)
  const room = new Room()
  for (const entry of itemsAt(container, 'env')) {
    const name = textAt(entry, 'name')
    if (name === undefined) continue
    const variable = { name, ...valueOf(entry, name, { before, room }, surroundings), place: placeOf(entry) }
    variables.push(variable)
    before.set(name, variable.value)
  }
  // A later one of the same name wins.
  const last = new Map(variables.map((variable, index) => [variable.name, index]))
  return variables.filter(({ name }, index) => last.get(name) === index)
}

function fromConfigMap(source: Tree, { configMap }: Surroundings): Variable[] {
  const name = textAt(source, 'configMapRef', 'name')
  const data = name === undefined ? undefined : configMap(name)
  const prefix = textAt(source, 'prefix') ?? ''
  return entriesAt(data).flatMap(({ key, value, keySource, keyStart }) => {
    const text = textAt(value)
    if (text === undefined) return []
    return [{ name: prefix + key, value: text, what: `variable ${prefix}${key} of ConfigMap ${name}`, place: placeAt(keySource, keyStart) }]
  })
}

function valueOf(
  entry: Tree,
  name: string,
  { before, room }: { readonly before: Values; readonly room: Room },
  { namespace, configMap }: Surroundings,
): Pick<Variable, 'value' | 'what' | 'fieldPath'> {
  const written = at(entry, 'value')
  const what = `variable ${name}`
  if (written !== undefined && !isNull(written)) return { value: expand(textAt(written) ?? '', before, room), what }
  // The release's own namespace, which Helm fills in, is the empty one.
  const fieldPath = textAt(entry, 'valueFrom', 'fieldRef', 'fieldPath')
  if (fieldPath === 'metadata.namespace') return { value: namespace ?? '', what }
  if (fieldPath !== undefined) return { value: undefined, what, fieldPath }
  const map = textAt(entry, 'valueFrom', 'configMapKeyRef', 'name')
  const key = textAt(entry, 'valueFrom', 'configMapKeyRef', 'key')
  if (map !== undefined && key !== undefined) return { value: textAt(configMap(map), key), what: `${what} of ConfigMap ${map}` }
  return { value: at(entry, 'valueFrom') === undefined ? '' : undefined, what }
}

/** The values of variables by their names; undefined where only the cluster knows one. */
export type Values = ReadonlyMap<string, string | undefined>

export function valuesOf(variables: readonly Variable[]): Map<string, string | undefined> {
  return new Map(variables.map(({ name, value }) => [name, value]))
}

/** `$(NAME)` as the kubelet replaces it, `$$` for a dollar; a name without a known value stays as it is, and so does one for which there is no room. */
export function expand(text: string, values: Values, room: Room): string {
  return text.replace(/\$\$|\$\(([^()\s]+)\)/g, (reference, name: string | undefined) => {
    const value = name === undefined ? '$' : (values.get(name) ?? reference)
    if (value.length > room.left) return reference
    room.left -= value.length
    return value
  })
}

/** What the references of a container may still become, in characters: variables of variables double with each step. */
export class Room {
  left = 1 << 16
}
