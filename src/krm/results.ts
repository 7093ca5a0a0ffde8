import type { Severity } from '../diagnostics/catalogue.ts'
import { formatPlace } from '../diagnostics/format.ts'
import { textAt } from '../yaml/tree.ts'
import type { JsonObject, Tree } from '../yaml/tree.ts'
import { fileOf } from './annotations.ts'
import { configFile } from './documents.ts'
import type { Finding } from './documents.ts'
import { listSource } from './read.ts'

/** As the specification calls them. */
const severities: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', note: 'info' }

/** Diagnostics as `results` of a ResourceList: the object and its file, or the key of the functionConfig. */
export function toResults(findings: readonly Finding[], functionConfig: Tree | undefined): JsonObject[] {
  return findings.map(finding => toResult(finding, functionConfig))
}

function toResult({ diagnostic, resource }: Finding, functionConfig: Tree | undefined): JsonObject {
  const { code, severity, message, help, place } = diagnostic
  const ofConfig = functionConfig !== undefined && place !== undefined && (place.source === listSource || place.source === configFile(functionConfig))
  const config = ofConfig ? functionConfig : undefined
  const file =
    resource === undefined
      ? config === undefined
        ? undefined
        : fileOf({ 'config.kubernetes.io/path': configFile(config) ?? '' })
      : fileOf(resource.annotations)
  // Lines of stdin move with every policy that is put in, and a second run must change nothing.
  const where = place === undefined || resource !== undefined || ofConfig ? '' : ` (at ${formatPlace(place)})`
  return {
    message: `${code}: ${message}${where}${/[.?!]$/.test(message) && where === '' ? '' : '.'} ${help}`,
    severity: severities[severity],
    ...(resource === undefined ? {} : { resourceRef: reference(resource) }),
    ...(config === undefined || resource !== undefined ? {} : { resourceRef: reference(configReference(config)), ...fieldOf(place?.path) }),
    ...(file === undefined ? {} : { file: { path: file.path, index: file.index } }),
    tags: { code },
  }
}

interface Named {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  readonly namespace: string | undefined
}

function reference({ apiVersion, kind, name, namespace }: Named): JsonObject {
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) }
}

function configReference(config: Tree): Named {
  const text = (...path: string[]): string => textAt(config, ...path) ?? ''
  return { apiVersion: text('apiVersion'), kind: text('kind'), name: text('metadata', 'name'), namespace: textAt(config, 'metadata', 'namespace') }
}

/** Keys of the values stand under `spec`, those of a ConfigMap are named in full. */
function fieldOf(path: string | undefined): JsonObject {
  if (path === undefined) return {}
  return { field: { path: /^(?:data|spec)\b/.test(path) ? path : `spec.${path}` } }
}
