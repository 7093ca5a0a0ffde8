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
  readonly place: Place
}

/** A container's environment in the order of its precedence: `envFrom` first, then `env`, whose later entries see earlier ones. */
export function toVariables(container: Tree, surroundings: Surroundings): Variable[] {
  const variables = itemsAt(container, 'envFrom').flatMap(source => fromConfigMap(source, surroundings))
  for (const entry of itemsAt(container, 'env')) {
    const name = textAt(entry, 'name')
    if (name !== undefined) variables.push({ name, ...valueOf(entry, name, variables, surroundings), place: placeOf(entry) })
  }
  // A later one of the same name wins.
  return variables.filter(({ name }, index) => !variables.slice(index + 1).some(later => later.name === name))
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

function valueOf(entry: Tree, name: string, before: readonly Variable[], { namespace, configMap }: Surroundings): Pick<Variable, 'value' | 'what'> {
  const written = at(entry, 'value')
  const what = `variable ${name}`
  if (written !== undefined && !isNull(written)) return { value: expand(textAt(written) ?? '', before), what }
  // The release's own namespace, which Helm fills in, is the empty one.
  if (textAt(entry, 'valueFrom', 'fieldRef', 'fieldPath') === 'metadata.namespace') return { value: namespace ?? '', what }
  const map = textAt(entry, 'valueFrom', 'configMapKeyRef', 'name')
  const key = textAt(entry, 'valueFrom', 'configMapKeyRef', 'key')
  if (map !== undefined && key !== undefined) return { value: textAt(configMap(map), key), what: `${what} of ConfigMap ${map}` }
  return { value: at(entry, 'valueFrom') === undefined ? '' : undefined, what }
}

/** `$(NAME)` as the kubelet replaces it, `$$` for a dollar; a name without a known value stays as it is. */
export function expand(text: string, variables: readonly Variable[]): string {
  return text.replace(/\$\$|\$\(([^()\s]+)\)/g, (reference, name: string | undefined) =>
    name === undefined ? '$' : (variables.find(variable => variable.name === name)?.value ?? reference),
  )
}
