import { YamlProblem } from '../yaml/problem.ts'
import { readYaml } from '../yaml/read.ts'
import { at, placeOf, textAt } from '../yaml/tree.ts'
import type { Place } from '../yaml/tree.ts'
import { filesOf, mountedConfigMaps } from './background.ts'
import type { Background } from './background.ts'
import type { Home } from './home.ts'
import { settingsIn, settingsInLines } from './sources.ts'
import type { Setting } from './sources.ts'

/** What the files say that a workload mounts from ConfigMaps of the stream. */
export async function fileSettings({ workload, namespace }: Home, { configMap }: Background): Promise<Setting[]> {
  const mounted = mountedConfigMaps(at(workload.resource.tree, 'spec', 'template', 'spec'))
  const names = [...new Set(mounted.map(({ name }) => name))]
  const isMounted = (map: string, key: string): boolean => mounted.some(({ name, keys }) => name === map && (keys?.has(key) ?? true))
  const files = names
    .flatMap(name => configMap(name, namespace) ?? [])
    .flatMap(map =>
      filesOf(map)
        .filter(({ name }) => isMounted(map.name, name))
        .map(({ name, value }) => ({ name: `${name} of ConfigMap ${map.name}`, text: textAt(value) ?? '', place: placeOf(value) })),
    )
  return (await Promise.all(files.map(({ name, text, place }) => readFile(text, name, place)))).flat()
}

/** YAML, JSON, and lines of `key=value`; what is none of them names nothing. */
async function readFile(text: string, name: string, place: Place): Promise<Setting[]> {
  if (text.length > largest) return []
  const lines = settingsInLines(text, name, place)
  if (!/^[ \t]*[\w"'{-][^\n]*[:{]/m.test(text)) return lines
  try {
    const settings = (await readYaml({ name, text, firstLine: 0 }, { uniqueKeys: false })).flatMap(tree => settingsIn(tree, name, place))
    return settings.length > 1 || lines.length === 0 ? settings : lines
  } catch (problem) {
    if (problem instanceof YamlProblem) return lines
    throw problem
  }
}

/** A larger file is no configuration. */
const largest = 1 << 18
