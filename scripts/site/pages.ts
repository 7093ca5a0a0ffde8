import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/** One page of the site. */
export interface Page {
  /** Of the Markdown file, from the repository's folder. */
  readonly source: string
  /** Of the page, in the site's folder. */
  readonly target: string
  readonly markdown: string
}

/** In the order in which they are read; every other file of docs/ follows by its name. */
const order = [
  'helm.md',
  'flux.md',
  'kustomize.md',
  'argocd.md',
  'ci.md',
  'packages.md',
  'security.md',
  'engines.md',
  'values.md',
  'required-traffic.md',
  'migrating.md',
  'editors.md',
  'limits.md',
  'performance.md',
  'dependencies.md',
  'diagnostics.md',
  'testing.md',
]
const beside: Readonly<Record<string, string>> = {
  'test/conformance/README.md': 'conformance.html',
  'SECURITY.md': 'security-policy.html',
  'CONTRIBUTING.md': 'contributing.html',
  'CHANGELOG.md': 'changelog.html',
}

export function findPages(root: string): Page[] {
  const docs = readdirSync(join(root, 'docs'))
    .filter(name => name.endsWith('.md'))
    .sort((one, other) => rank(one) - rank(other) || (one < other ? -1 : 1))
  const found: readonly (readonly [string, string])[] = [
    ['README.md', 'index.html'],
    ...docs.map(name => [`docs/${name}`, `${basename(name, '.md')}.html`] as const),
    ...Object.entries(beside).filter(([source]) => existsSync(join(root, source))),
  ]
  return found.map(([source, target]) => ({ source, target, markdown: readFileSync(join(root, source), 'utf8') }))
}

/** Those without a place stand before the long lists. */
function rank(name: string): number {
  const place = order.indexOf(name)
  return place < 0 ? order.indexOf('migrating.md') + 0.5 : place
}
