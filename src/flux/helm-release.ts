import { createHash } from 'node:crypto'
import { parseAllDocuments } from 'yaml'
import type { Document } from 'yaml'
import type { Diagnose } from '../diagnostics/collect.ts'
import { wrongValues } from '../values/fields.ts'
import { tellMistakes } from '../values/mistakes.ts'
import { readFully } from '../yaml/full.ts'
import { withLineFeeds } from '../yaml/tokens.ts'
import { at, isNull, itemsAt, placeOf, textAt } from '../yaml/tree.ts'
import type { MappingNode, Source, Tree } from '../yaml/tree.ts'

/** A HelmRelease of Flux (helm.toolkit.fluxcd.io, api/v2/helmrelease_types.go of helm-controller), with the text that it stands in. */
export interface HelmRelease {
  /** `HelmRelease apps/demo`. */
  readonly title: string
  /** What Helm calls the release; undefined where the document has no name. */
  readonly releaseName: string | undefined
  /** Where Helm installs it; undefined where the document does not say. */
  readonly releaseNamespace: string | undefined
  /** `spec.values`. */
  readonly values: MappingNode | undefined
  /** Keys with values that stand elsewhere. */
  readonly valuesElsewhere: readonly string[]
  /** Hooks are sent through the post-renderers in a stream of their own. */
  readonly separateHooks: boolean
  readonly tree: Tree
  readonly document: Document.Parsed
  readonly source: Source
}

/** Which one of a file's HelmReleases is meant; a namespace is that of the object or of the release. */
export interface Wanted {
  readonly name: string | undefined
  readonly namespace: string | undefined
  /** Helm sets a namespace for its plugins whether one was asked for or not: one that was not given as a flag only tells several apart. */
  readonly namespaceIsGiven: boolean
}

const group = 'helm.toolkit.fluxcd.io'
const versions = ['v2', 'v2beta2', 'v2beta1']

/** The HelmRelease of a file; undefined, and a diagnostic, where it cannot be told or read. */
export function findHelmRelease(source: Source, wanted: Wanted, diagnose: Diagnose): HelmRelease | undefined {
  const trees = readTrees(source, diagnose)
  if (trees === undefined) return undefined
  const all = trees.filter(isHelmRelease)
  const [tree, another] = choose(all, wanted)
  if (tree === undefined || another !== undefined) {
    diagnose('NP700', { file: source.name, found: all.map(title), asked: asked(wanted), unfit: all.length > 0 ? [] : trees.flatMap(unfitness) })
    return undefined
  }
  const apiVersion = textAt(tree, 'apiVersion') ?? ''
  if (!versions.some(version => apiVersion === `${group}/${version}`)) {
    const known = versions.map(version => `${group}/${version}`)
    diagnose('NP701', { release: title(tree), apiVersion, known }, placeOf(at(tree, 'apiVersion') ?? tree, 'apiVersion'))
    return undefined
  }
  return toHelmRelease(tree, source, diagnose)
}

function readTrees(source: Source, diagnose: Diagnose): Tree[] | undefined {
  try {
    return readFully(source, { uniqueKeys: true })
  } catch (problem) {
    tellMistakes(problem, diagnose)
    return undefined
  }
}

/** Without an apiVersion it may be one; that of another group is something else. */
function isHelmRelease(tree: Tree): boolean {
  const apiVersion = textAt(tree, 'apiVersion') ?? ''
  return textAt(tree, 'kind') === 'HelmRelease' && (apiVersion === '' || apiVersion.startsWith(`${group}/`))
}

/** What looks like a HelmRelease and is none that could be written, with the reason. */
function unfitness(tree: Tree): string[] {
  if (textAt(tree, 'kind') === 'HelmRelease') return [`${title(tree)} has apiVersion ${textAt(tree, 'apiVersion') ?? ''}, which is not of ${group}`]
  const inside = itemsAt(tree, 'items').filter(isHelmRelease)
  return inside.map(item => `${title(item)} stands inside a ${textAt(tree, 'kind') ?? 'list'}: write it as a document of its own`)
}

function choose(all: readonly Tree[], { name, namespace, namespaceIsGiven }: Wanted): readonly Tree[] {
  const named = all.filter(tree => name === undefined || textAt(tree, 'metadata', 'name') === name)
  return namespace && (namespaceIsGiven || named.length > 1) ? named.filter(tree => isIn(tree, namespace)) : named
}

function isIn(tree: Tree, namespace: string): boolean {
  const own = textAt(tree, 'metadata', 'namespace')
  const target = textAt(tree, 'spec', 'targetNamespace')
  return (own === undefined && target === undefined) || own === namespace || target === namespace
}

/** What was said of the one that is meant, and where. */
function asked({ name, namespace, namespaceIsGiven }: Wanted): string[] {
  const origin = namespaceIsGiven ? '--namespace' : "HELM_NETPOL_NAMESPACE, which is Helm's own namespace under helm netpol-tools"
  return [...(name === undefined ? [] : [`--name ${name}`]), ...(namespace ? [`the namespace ${namespace} (of ${origin})`] : [])]
}

function toHelmRelease(tree: Tree, source: Source, diagnose: Diagnose): HelmRelease | undefined {
  // A second parse, which keeps what an edit by offsets needs.
  const parsed = parseAllDocuments(withLineFeeds(source.text), {
    schema: 'failsafe',
    prettyErrors: false,
    logLevel: 'silent',
    keepSourceTokens: true,
    uniqueKeys: false,
  })
  const document = (Array.isArray(parsed) ? parsed : []).find(({ contents }) => contents?.range[0] === tree.start)
  if (document === undefined) throw new Error(`no document of ${source.name} begins at ${tree.start}`)
  const values = at(tree, 'spec', 'values')
  if (values !== undefined && values.kind !== 'mapping' && !isNull(values)) {
    wrongValues(values, 'spec.values', 'a mapping', diagnose)
    return undefined
  }
  return {
    title: title(tree),
    releaseName: releaseName(tree),
    releaseNamespace: textAt(tree, 'spec', 'targetNamespace') || textAt(tree, 'metadata', 'namespace'),
    values: values?.kind === 'mapping' ? values : undefined,
    valuesElsewhere: valuesElsewhere(tree),
    separateHooks: textAt(tree, 'spec', 'postRenderStrategy') === 'separate',
    tree,
    document,
    source,
  }
}

function title(tree: Tree): string {
  const namespace = textAt(tree, 'metadata', 'namespace')
  return `HelmRelease ${namespace === undefined ? '' : `${namespace}/`}${textAt(tree, 'metadata', 'name') ?? '(no name)'}`
}

/** `spec.releaseName`, else `[TARGETNAMESPACE-]NAME`; over 53 characters it ends in a hash (internal/release/name.go of helm-controller). */
function releaseName(tree: Tree): string | undefined {
  const name = textAt(tree, 'metadata', 'name')
  const target = textAt(tree, 'spec', 'targetNamespace')
  const long = textAt(tree, 'spec', 'releaseName') || (name !== undefined && target ? `${target}-${name}` : name)
  if (long === undefined || long.length <= 53) return long
  return `${long.slice(0, 40)}-${createHash('sha256').update(long).digest('hex').slice(0, 12)}`
}

function valuesElsewhere(tree: Tree): string[] {
  const paths = [
    ['spec', 'valuesFrom'],
    ['spec', 'chart', 'spec', 'valuesFiles'],
    ['spec', 'chart', 'spec', 'valuesFile'],
  ]
  return paths.filter(path => !isEmpty(at(tree, ...path))).map(path => path.join('.'))
}

function isEmpty(tree: Tree | undefined): boolean {
  return tree === undefined || isNull(tree) || (tree.kind === 'sequence' && tree.items.length === 0)
}
