export type Severity = 'error' | 'warning' | 'note'

export interface Entry<Args> {
  readonly severity: Severity
  /** What is wrong. */
  readonly text: (args: Args) => string
  /** What to do. */
  readonly help: (args: Args) => string
}

export type Code = keyof typeof catalogue
type ArgumentsByCode = { readonly [C in Code]: Parameters<(typeof catalogue)[C]['text']>[0] }
export type ArgumentsOf<C extends Code> = ArgumentsByCode[C]

export function entryOf<C extends Code>(code: C): Entry<ArgumentsOf<C>> {
  const entries: { readonly [K in Code]: Entry<ArgumentsByCode[K]> } = catalogue
  return entries[code]
}

function error<Args>(text: Entry<Args>['text'], help: Entry<Args>['help']): Entry<Args> {
  return { severity: 'error', text, help }
}

function warning<Args>(text: Entry<Args>['text'], help: Entry<Args>['help']): Entry<Args> {
  return { severity: 'warning', text, help }
}

function note<Args>(text: Entry<Args>['text'], help: Entry<Args>['help']): Entry<Args> {
  return { severity: 'note', text, help }
}

/** What may be wrong with the path of a values file. */
function remedyOf(path: string): string {
  if (path.includes(' ')) return 'Helm passes each --post-renderer-args as one argument: give the flag once for each word, or write --values=FILE.'
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) return 'URLs are not read: fetch the file first, and name that.'
  if (path.includes(',')) return 'Lists are not read: give --values once for each file.'
  return 'Check the path; it is relative to the folder helm runs in.'
}

/** A key of the values that may be our block, mistyped. */
function meant(root: string, similar: string | undefined): string {
  return similar === undefined ? '' : `; the values have ${similar}, did you mean ${root}?`
}

/** The first few of a list. */
function fewOf(texts: readonly string[]): string {
  return `${texts.slice(0, 3).join(', ')}${texts.length > 3 ? ` and ${texts.length - 3} more` : ''}`
}

/** A destination that no rule lets through. */
interface CutNeed {
  readonly workload: string
  readonly party: string
  readonly text: string
  readonly where: string
  readonly reason: string
  /** Why the rules there are do not help, in words that follow a semicolon. */
  readonly why: string | undefined
  /** The values that open it, as YAML. */
  readonly block: string
  /** It is not the only one. */
  readonly several: boolean
}

/** A Service that sends to pods without the port as well. */
interface StrayCalls {
  readonly service: string
  readonly port: number
  readonly workloads: readonly string[]
  readonly without: readonly string[]
  /** In words, with a space before them; empty where nobody is known. */
  readonly callers: string
}

/**
 * Every diagnostic: NP1 the stream, NP2 the values, NP3 finding the controller, NP4 traffic,
 * NP5 what an engine can say, NP6 policies that are there already, NP7 HelmReleases of Flux, NP8 verdicts on flows. Where a text says
 * `networkPolicy.`, the user is shown the key that the block has in their values.
 */
export const catalogue = {
  NP100: error(
    () => 'the stream holds no document',
    () => 'Pipe what Helm rendered into stdin, for example: helm template app ./chart | helm-netpol -f values.yaml',
  ),
  NP101: error(
    ({ document, file, problem }: { document: number; file: string | undefined; problem: string }) =>
      `document ${document} of ${file ?? 'the stream'} may matter for the policies and cannot be read: ${problem}`,
    ({ file }) => (file === undefined ? "Mend the chart's template; `helm template` shows the document at this line." : 'Mend the file at this line.'),
  ),
  NP102: error(
    ({ count }: { count: number }) => `the stream holds ${count} NetworkPolicyValues documents where one counts`,
    () => 'Keep one of them.',
  ),
  NP103: error(
    ({ apiVersion }: { apiVersion: string }) => `NetworkPolicyValues in version ${apiVersion === '' ? '(none)' : apiVersion} is not known`,
    () => 'Write apiVersion: helm-netpol/v1alpha1.',
  ),
  NP104: error(
    () => 'nothing but the NetworkPolicyValues document is in the stream, and Helm takes an empty output for an empty release',
    () => 'Render the values document together with the workload it is for.',
  ),
  NP105: error(
    () => 'the NetworkPolicyValues document shares its part of the stream with other objects, which must stay as they are',
    () => 'Render it as a document of its own, between `---` lines, and not in a List.',
  ),
  NP106: error(
    () => 'stdin is UTF-16; write it as UTF-8',
    () => 'In Windows PowerShell > and | change the encoding: run the whole line by cmd /c "…", or write the file with | Out-File -Encoding utf8 FILE.',
  ),
  NP120: error(
    ({ problem }: { problem: string }) => `the ResourceList on stdin ${problem}`,
    () => 'It has apiVersion: config.kubernetes.io/v1, kind: ResourceList, a list of objects under items, and may have a functionConfig.',
  ),
  NP121: error(
    ({ problem }: { problem: string }) => `functionConfig ${problem}`,
    () =>
      'Give the values under spec of a NetworkPolicyValues (apiVersion: helm-netpol/v1alpha1), or the flags as strings under data of a ConfigMap (values, set, engine, …).',
  ),
  NP122: error(
    ({ key, nearest, known }: { key: string; nearest: string | undefined; known: readonly string[] }) =>
      `data.${key} of functionConfig is none of ${known.join(', ')}${nearest === undefined ? '' : `; did you mean ${nearest}?`}`,
    () => 'A single value goes under set (set: networkPolicy.egress.enabled=true), a whole file of values under values.',
  ),
  NP123: error(
    () => 'the ResourceList on stdin holds no object to make policies for',
    () => 'A function gets what its kustomization or package has before it: name the rendered chart or its manifests among the resources there.',
  ),

  NP200: error(
    ({ problem }: { problem: string; path: string; remedy: string | undefined }) => `the values cannot be read: ${problem}`,
    ({ path, remedy }) => remedy ?? remedyOf(path),
  ),
  NP201: error(
    ({ problem }: { problem: string }) => `no valid YAML: ${problem}`,
    () => 'Mend the file at this line.',
  ),
  NP202: error(
    ({ expression, problem }: { expression: string; problem: string }) => `${expression}: ${problem}`,
    () => "The syntax is that of Helm's own --set.",
  ),
  NP203: error(
    ({ path, nearest }: { path: string; nearest: string | undefined }) => `${path} is no known key${nearest === undefined ? '' : `; did you mean ${nearest}?`}`,
    ({ nearest }) =>
      nearest === undefined
        ? 'docs/values.md lists the keys.'
        : `Write ${nearest}, or remove the key. If this block belongs to the chart, use --root KEY for another one.`,
  ),
  NP204: error(
    ({ path, expected, got }: { path: string; expected: string; got: string }) => `${path} must be ${expected}, not ${got}`,
    () => 'docs/values.md shows the shape of every key.',
  ),
  NP205: error(
    ({ path, problem }: { path: string; problem: string }) => `${path} ${problem}`,
    () => 'docs/values.md shows the shape of every key.',
  ),
  NP206: error(
    ({ path, got, allowed, nearest }: { path: string; got: string; allowed: readonly string[]; nearest: string | undefined; advice: string }) =>
      `${path} is ${got}; it can be ${allowed.join(', ')}${nearest === undefined ? '' : `. Did you mean ${nearest}?`}`,
    ({ advice }) => advice,
  ),
  NP207: warning(
    ({ row, value, found, where }: { row: string; value: string; found: string; where: string }) =>
      `the values say ${value} for ${row}, the stream says ${found} (${where}); the values win`,
    ({ row }) => `Remove the value, or mend the chart, if the ${row} rule is to follow the stream.`,
  ),
  NP208: note(
    ({ row, port, workload }: { row: string; port: number; workload: string }) =>
      `nothing in the stream shows a ${row} port of ${workload}; the rule opens the default ${port}`,
    ({ row }) => `Set networkPolicy.ports.${row} to the port that it listens on.`,
  ),
  NP209: warning(
    ({ root, similar }: { root: string; similar: string | undefined }) =>
      `no values set ${root}.enabled, so there are no policies and the stream passes through unchanged${meant(root, similar)}`,
    ({ root }) => `Hand the post-renderer the values as well (--values FILE); set ${root}.enabled: true for policies, or false to silence this warning.`,
  ),

  NP210: error(
    ({ root, similar }: { root: string; similar: string | undefined }) =>
      `no values set ${root}.enabled, so there are no policies to write${meant(root, similar)}`,
    ({ root }) => `Hand the values over as well (--values FILE); set ${root}.enabled: true for policies, or false for an empty file.`,
  ),

  NP300: error(
    ({ candidates }: { candidates: readonly string[] }) =>
      candidates.length === 0
        ? 'the stream holds no Deployment, StatefulSet or DaemonSet to protect'
        : `which workload is the controller? The candidates are ${candidates.join(', ')}`,
    ({ candidates }) =>
      candidates.length === 0
        ? 'See whether the command before the pipe failed; else render the workload in the same stream, or disable the policy (networkPolicy.enabled: false).'
        : "Name one with networkPolicy.controller or --controller NAME, or cover all of them with controller: '*'.",
  ),
  NP301: error(
    ({ name, candidates }: { name: string; candidates: readonly string[] }) =>
      `no workload of the stream is named ${name}; there are ${candidates.length === 0 ? 'none' : candidates.join(', ')}`,
    () => "Correct networkPolicy.controller (or --controller), or cover all with '*'.",
  ),
  NP302: error(
    ({ workload }: { workload: string }) => `${workload} has no spec.selector, so no policy can select its pods`,
    () => 'Give the workload a selector; the API server demands one as well.',
  ),
  NP303: warning(
    ({ workload }: { workload: string }) => `${workload} runs on the host network: no engine applies pod policies there, so its policy locks nothing`,
    () => 'Drop hostNetwork, or protect the nodes with host policies (CiliumClusterwideNetworkPolicy, Calico HostEndpoint).',
  ),
  NP304: error(
    () => 'ClusterNetworkPolicy is cluster-scoped and its subject must name the namespace, which neither the documents nor the values say',
    () => 'Set networkPolicy.namespace or -n/--namespace to the release namespace: Helm does not hand it to a post-renderer.',
  ),
  NP305: error(
    ({ workload, problem }: { workload: string; problem: string }) => `the selector of ${workload} ${problem}`,
    () => 'Mend the selector in the chart; the API server refuses it as well.',
  ),
  NP306: error(
    ({ namespaces }: { namespaces: readonly string[] }) =>
      `ClusterNetworkPolicy must name the namespace, and the stream names several: ${namespaces.join(', ')}`,
    () => 'Set networkPolicy.namespace or -n/--namespace to the release namespace.',
  ),
  NP307: note(
    ({ chosen, why, others }: { chosen: string; why: string; others: readonly string[] }) =>
      `protected is ${chosen} (${why}); not covered: ${others.join(', ')}`,
    () => "Name the workloads with networkPolicy.controller or --controller, or cover all of them with '*'.",
  ),

  NP308: note(
    ({ workload }: { workload: string }) => `left out by '*': ${workload} runs on the host network, where no engine applies policies of pods`,
    () => 'Protect the nodes with host policies (CiliumClusterwideNetworkPolicy, Calico HostEndpoint), or drop hostNetwork.',
  ),
  NP309: error(
    ({ kind, name }: { kind: string; name: string }) =>
      `a ${kind} has ${name === '' ? 'no metadata.name' : `the name ${JSON.stringify(name)}, which no object can have`}, and its policy is named after it`,
    () => 'Give it a name in the chart that the API server takes: small letters, digits, - and dots, at most 253 characters.',
  ),

  NP310: warning(
    ({ chosen, why, others }: { chosen: string; why: string; others: readonly string[] }) =>
      `protected is ${chosen}, by a guess (${why}); others have no policy: ${others.join(', ')}`,
    () => "Name the workloads with networkPolicy.controller or --controller, or cover all of them with '*'.",
  ),

  NP400: warning(
    (_: { block: string }) => 'egress is enabled and no rule can be the kube-apiserver: the controller is cut off from the cluster and every reconcile fails',
    ({ block }) =>
      `Put the addresses of its endpoints (not of its Service) into the values, as kubectl get endpoints kubernetes -n default -o jsonpath='{range .subsets[*].addresses[*]}{.ip}/32 {end}' prints them:\n${block}`,
  ),
  NP401: warning(
    (_: { block: string }) => 'egress is enabled without a DNS rule: names cannot be resolved, so every flow to a name fails',
    ({ block }) => `Allow it, or list the resolvers in networkPolicy.egress.dnsCIDRs:\n${block}`,
  ),
  NP402: warning(
    ({ path, engine, effect }: { path: string; engine: string; effect: string }) =>
      `${path} is for the kubernetes engine and is not rendered under ${engine}: ${effect}`,
    () => 'Set networkPolicy.translatePeers: true, which renders it for this engine as well.',
  ),
  NP403: warning(
    ({ path }: { path: string }) => `${path} lists no ipBlock, and the kube-apiserver is no pod: admission calls to the webhook are cut`,
    () => 'Leave the list empty (TLS guards the port), or add an ipBlock with the address the apiserver calls from.',
  ),
  NP404: warning(
    ({ pod, namespace, what }: { pod: string; namespace: string; what: string }) =>
      `the default deny of ${namespace} covers ${pod}, which no allowlist selects: ${what}`,
    () => "Give it a policy of its own, cover it with networkPolicy.controller (a list, or '*'), or leave defaultDeny off.",
  ),
  NP405: warning(
    ({ path, engine }: { path: string; engine: string }) =>
      `${path} is rendered, but networkPolicy.egress.enabled is false, so egress under ${engine} stays open`,
    () => 'Set networkPolicy.egress.enabled: true to lock egress down to the listed destinations.',
  ),
  NP406: note(
    ({ path, cidr }: { path: string; cidr: string }) => `${path} allows ${cidr}, which on Cilium matches neither nodes nor an apiserver that is hosted on one`,
    () => 'Under Cilium use engine: cilium, whose apiserver rule needs no CIDR (cilium/cilium#20550).',
  ),
  NP407: warning(
    ({ what, where, problem }: { what: string; where: string; problem: string }) => `${what} (${where}) leads nowhere: ${problem}`,
    () => 'The flow has no rule. Mend the reference in the chart, or add the port by hand.',
  ),
  NP409: note(
    ({ path }: { path: string }) => `${path} lists destinations, but egress.enabled is false: nothing is locked and the list has no effect`,
    () => 'Set networkPolicy.egress.enabled: true to lock egress down to it.',
  ),
  NP410: note(
    ({ paths, engine }: { paths: readonly string[]; engine: string }) => `not rendered under ${engine}, being for another engine: ${paths.join(', ')}`,
    () => 'Nothing to do where the values serve several clusters; otherwise write the rules for this engine.',
  ),

  NP411: warning(
    ({ path, reason }: { path: string; reason: string }) => `${path} ${reason}`,
    () => 'It is passed on as it is. Where the cluster has no such edition, remove the rule: without the field it would mean any destination.',
  ),

  NP412: warning(
    ({ what, problem }: { what: string; problem: string; key: string | undefined }) => `${what} ${problem}, so its port is not known`,
    ({ key }) => `No rule follows from it. Mend it in the chart${key === undefined ? ', or add the port by hand' : `, or set ${key}`}.`,
  ),
  NP413: warning(
    ({ workload, problem }: { workload: string; problem: string }) => `the arguments of ${workload} contradict each other: ${problem}`,
    () => 'Mend them in the chart. Until then every port that they name is open, so that nothing is cut.',
  ),
  NP414: warning(
    ({ argument, bound, workload, where, port }: { argument: string; bound: number; workload: string; where: string; port: number }) =>
      `${argument} of ${workload} binds port ${bound}, and ${where} leads to ${port}`,
    () => 'Both ports are open, so that nothing is cut. Make the two agree in the chart, or declare the port that is bound beside the other.',
  ),
  NP415: warning(
    ({ service, count }: { service: string; count: number }) => `the stream holds ${service} ${count} times`,
    () => 'The cluster keeps one of them, or refuses the release. The ports of all are open; remove the others from the chart.',
  ),
  NP416: warning(
    ({ path, port, workload, ways }: { path: string; port: number; workload: string; ways: readonly string[] }) =>
      `${path} narrows port ${port} of ${workload}, which is reached by ${ways.join(' and ')}: it holds for the callers of each`,
    ({ path }) => `List the callers of all of them in ${path}, or give each a container port of its own.`,
  ),
  NP417: warning(
    ({ service, port, workloads, without, callers }: StrayCalls) =>
      `${service} sends to port ${port} of ${workloads.join(' and ')}, and ${without.join(' and ')} declares no such port: part of the calls${callers} goes astray`,
    ({ service }) => `Narrow the selector of ${service} in the chart to the pods that serve the port, or declare it where it is served.`,
  ),
  NP418: warning(
    ({ workload, other, flows }: { workload: string; other: string; flows: readonly string[] }) =>
      `the selector of ${workload} also selects the pods of ${other}, which has no policy of its own: they are locked too, and cut off from ${flows.join(', ')}`,
    () => "Make the selectors disjoint in the chart, or cover both workloads with networkPolicy.controller (a list, or '*').",
  ),
  NP419: note(
    ({ workload, others, effect }: { workload: string; others: readonly string[]; effect: string }) =>
      `the selector of ${workload} also selects the pods of ${others.join(', ')}: ${effect}`,
    () => 'Make the selectors disjoint in the chart, so that each policy is of one workload alone.',
  ),

  NP420: warning(
    ({ workload, party, text, where, reason, why }: CutNeed) =>
      `no egress rule lets ${workload} reach ${text} (${party}: ${reason}; found in ${where}), so it is cut${why === undefined ? '' : `; ${why}`}`,
    ({ block, several }) =>
      `Allow it${several ? ' (helm-netpol explain has one block for all that is cut)' : ''}, or drop the setting where it is not used:\n${block}`,
  ),
  NP421: warning(
    ({ workload, where, problem }: { workload: string; where: string; problem: string }) =>
      `${where} of ${workload} ${problem}, so it is not known whether the egress rules let it through`,
    () => 'Mend the setting in the chart or its values; else allow its destination by hand.',
  ),
  NP424: note(
    ({ workload, where, problem }: { workload: string; where: string; problem: string }) =>
      `${where} of ${workload} looks like a destination and ${problem}, so it is not known whether the egress rules let it through`,
    () => 'If the workload dials it, allow it by hand.',
  ),
  NP422: note(
    ({ workload, text, where }: CutNeed) => `no egress rule lets ${workload} reach ${text}, which it may dial (${where})`,
    ({ block }) => `If it does, allow it:\n${block}`,
  ),
  NP423: note(
    ({ workload, party, text, rules }: { workload: string; party: string; text: string; where: string; rules: readonly string[] }) =>
      `${workload} reaches ${text}${text.includes(party) ? '' : ` (${party})`} only if ${rules.join(' or ')} holds its address or its pods, which the stream does not tell`,
    () => 'Compare the rule with what the name resolves to, or with the labels in the cluster.',
  ),

  NP425: warning(
    ({ places }: { places: number }) =>
      `the block has ${places} ${places === 1 ? 'place' : 'places'} that only you can fill in; until then what they are for is cut`,
    () => 'Look for "Fill in" and for ADDRESS in its comments.',
  ),
  NP426: warning(
    ({ path }: { path: string }) => `${path} names neither a destination nor a port, so it allows every flow and egress is not locked`,
    () =>
      'Name its destinations under to (an empty list is any destination), or its ports; where nothing is to be locked, set networkPolicy.egress.enabled: false.',
  ),
  NP427: note(
    ({ path }: { path: string }) => `${path} names no destination, so its ports are open to every address`,
    () => 'Nothing to do where that is meant; otherwise name its destinations under to.',
  ),

  NP430: warning(
    ({ workload, pods, flows, hook }: { workload: string; pods: string; flows: readonly string[]; hook: boolean }) =>
      `the selector of ${workload} also selects the pods of ${pods}: they are locked down to what ${workload} may do, and cut off from ${flows.join(', ')}${hook ? ', so that the hook may fail' : ''}`,
    () => 'Give these pods labels in the chart that the selector does not match, or allow what they need in the values.',
  ),
  NP431: warning(
    ({ asked, row, workloads }: { asked: readonly string[]; row: string; workloads: number }) =>
      `the values say ${asked.join(' and ')}, and nothing in the stream shows ${workloads === 1 ? 'such a port of the covered workload' : `which of the ${workloads} covered workloads has such a port`}: no ${row} rule follows from it`,
    ({ row }) => `Name the one workload in networkPolicy.controller, or let the chart show the port: a container port named ${row}.`,
  ),
  NP432: note(
    ({ monitor, what }: { monitor: string; what: string }) => `${monitor} selects no ${what} of the stream, so no rule follows from it`,
    ({ what }) => `Compare its selector and namespace with the labels of the ${what} in the chart. Nothing to do where it scrapes what others install.`,
  ),
  NP433: warning(
    ({ container, workload, problem }: { container: string; workload: string; problem: string }) => `container ${container} of ${workload} declares ${problem}`,
    () => 'Mend the port in the chart; the API server refuses the workload as it is.',
  ),
  NP434: warning(
    ({ argument, workload, where, port }: { argument: string; workload: string; where: string; port: number }) =>
      `${argument} of ${workload} binds loopback alone, and ${where} leads to port ${port}: nobody outside of the pod can dial it`,
    () => 'Bind every address of the pod in the chart (:PORT), or remove what leads there.',
  ),
  NP435: note(
    ({ workload, argument }: { workload: string; argument: string }) => `the policy of ${workload} lets nobody in: ${argument} opens no port to others`,
    () => 'Bind an address of the pod in the chart (:PORT) if something calls it; else there is nothing to do.',
  ),

  NP500: error(
    ({ engine, what, why }: { engine: string; what: string; why: string }) => `${engine} cannot express ${what}: ${why}`,
    () => 'Use the engine that can, change the value, or write the rule in the passthrough list of this engine.',
  ),
  NP501: note(
    ({ path, asked, used, why }: { path: string; asked: number; used: number; why: string }) => `${path} ${asked} is rendered as ${used}: ${why}`,
    () => 'Set a value in range to silence this note.',
  ),
  NP502: note(
    () => 'ClusterNetworkPolicy selects ingress peers among pods only: traffic from outside the cluster and from nodes cannot be denied by it',
    () => 'Use the kubernetes, cilium or calico engine where that traffic must be locked out as well.',
  ),
  NP503: error(
    ({ policy, problem }: { policy: string; problem: string }) => `${policy}: ${problem}`,
    () => 'Change the values until the policy is one that its API takes.',
  ),
  NP504: warning(
    ({ workload, key }: { workload: string; key: string }) =>
      `the selector of ${workload} uses the label ${key}, which Cilium does not take into identities by default: the policy would select no pod`,
    () => "Add the label to Cilium's `labels` setting, or select by another one.",
  ),

  NP505: warning(
    ({ workload, others }: { workload: string; others: readonly string[] }) =>
      `the selector of ${workload} also selects the pods of ${others.join(', ')}, and in ClusterNetworkPolicy the first policy that matches decides: what only the second allows is cut`,
    () => 'Make the selectors disjoint, cover one of the two, or use an engine whose policies add up (kubernetes, cilium, calico).',
  ),

  NP506: warning(
    ({ path, engine, option }: { path: string; engine: string; option: string }) =>
      `${path} is for a ${engine} that runs with ${option}; without it, the agent refuses the whole policy and nothing is locked`,
    ({ option }) => `Make sure that the cluster has ${option}, or write the rule without.`,
  ),

  NP600: error(
    ({ policy }: { policy: string }) => `the stream already holds ${policy}, and it is not ours`,
    () => "Switch the chart's own policy off, or set networkPolicy.replace: true to take its place.",
  ),
  NP601: error(
    ({ policy }: { policy: string }) =>
      `${policy} cannot be replaced: it shares its part of the stream (a List, or a document after ...) with objects that must stay as they are`,
    () => "Switch the chart's own policy off.",
  ),
  NP602: note(
    ({ policy, workloads }: { policy: string; workloads: string }) =>
      `${policy} of the chart selects the pods of ${workloads} as well; what it allows stays open`,
    () => "Allow rules of several policies add up. Switch the chart's own policy off if ours is to be the only one.",
  ),
  NP604: note(
    ({ policy }: { policy: string }) =>
      `the stream holds ${policy} of its own, which is not read: whether it allows more, or denies what ours allows, is not known`,
    () => "Switch the chart's own policy off if ours is to be the only one; --verify tells which flows it cuts.",
  ),
  NP603: warning(
    ({ policy, workloads, directions }: { policy: string; workloads: string; directions: readonly string[] }) =>
      `${policy} of the chart selects the pods of ${workloads} as well and is judged before the Baseline tier: it alone decides their ${directions.join(' and ')}`,
    () => "Switch the chart's own policy off, or use the kubernetes engine, whose policies add up.",
  ),
  NP605: error(
    ({ policy }: { policy: string }) => `${policy} names no namespace, and beside the release nobody fills it in`,
    () => 'Set -n/--namespace (or networkPolicy.namespace) to the release namespace.',
  ),

  NP700: error(
    ({ file, found, asked, unfit }: { file: string; found: readonly string[]; asked: readonly string[]; unfit: readonly string[] }) =>
      found.length === 0
        ? `${file} holds no HelmRelease${unfit.length === 0 ? '' : ` that can be written: ${unfit.join('; ')}`}`
        : `${file} holds ${found.join(', ')}: ${asked.length === 0 ? 'which one is meant?' : `${asked.join(' and ')} does not single one out`}`,
    ({ found }) =>
      found.length === 0 ? 'Name the file with the HelmRelease of this chart.' : 'Say which one with --name, and --namespace where two have the name.',
  ),
  NP701: error(
    ({ release, apiVersion, known }: { release: string; apiVersion: string; known: readonly string[] }) =>
      `${release} has apiVersion ${apiVersion === '' ? '(none)' : apiVersion}, which is not known; known are ${known.join(', ')}`,
    ({ known }) => `Write apiVersion: ${known[0]}, or get a newer helm-netpol if Flux has a newer version.`,
  ),
  NP702: error(
    ({ release, problem }: { release: string; problem: string }) => `${release} ${problem}`,
    () => 'Nothing was changed. Mend the file at this place, and run it again.',
  ),
  NP703: error(
    ({ reasons }: { reasons: readonly string[] }) =>
      `no object of the chart can carry the policies: it needs one that has apiVersion, kind, metadata and spec, and nothing else${reasons.length === 0 ? '' : `; ${reasons.join('; ')}`}`,
    () => 'Mend the chart, or commit the policies beside the HelmRelease: helm-netpol --only-policies.',
  ),
  NP704: error(
    ({ release, root }: { release: string; root: string }) =>
      `neither spec.values of ${release} nor --values set ${root}.enabled, so it is not known whether policies are wanted`,
    ({ root }) => `Set spec.values.${root}.enabled: true for policies; false takes an earlier block out.`,
  ),
  NP705: warning(
    ({ release, workload, strays }: { release: string; workload: string; strays: readonly string[]; command: string }) =>
      `${workload} was rendered for ${strays.join('; and for ')} (${release}): the policies may select other pods than those that Flux makes, or the patches find no object, and the release fails`,
    ({ command }) => `Render the chart as Flux does: ${command}`,
  ),
  NP706: warning(
    ({ release, paths }: { release: string; paths: readonly string[] }) => `${release} has values elsewhere (${paths.join(', ')}), which are not read here`,
    () => 'Hand them over with --values FILE, in the same order; spec.values win over them, as in Flux.',
  ),
  NP707: error(
    ({ release, differences }: { release: string; differences: readonly string[]; file: string }) =>
      `the post-renderers of ${release} are stale:\n    ${differences.join('\n    ')}`,
    ({ file }) => `Write them anew: helm template … | helm-netpol flux ${file} --in-place`,
  ),
  NP708: warning(
    ({ release, carrier }: { release: string; carrier: string; command: string }) =>
      `${release} has postRenderStrategy: separate, where Flux says nothing when the chart no longer renders ${carrier}, and the policies are gone`,
    ({ command }) => `Use combined or nohooks, where the release fails instead; or look after each upgrade, which fails where one is missing: ${command}`,
  ),
  NP709: error(
    () => 'the chart renders a NetworkPolicyValues document, which only helm-netpol as a post-renderer takes out, and Flux runs none',
    () => "Switch it off in the chart's values, and put the block into spec.values.",
  ),
  NP710: error(
    ({ policy }: { policy: string }) =>
      `${policy} of the stream is what helm-netpol writes: the stream was filtered already, and Flux gets the chart unfiltered`,
    () => 'Pipe the chart as helm template renders it, without helm-netpol in between. If a template of the chart holds this policy, remove it there.',
  ),
  NP711: warning(
    ({ policy }: { policy: string }) =>
      `${policy} of the chart has the annotation helm-netpol/policy, and is taken out by the block, since ours take its place`,
    () => 'Remove it from the chart. If it is from helm-netpol and not from the chart, pipe the chart unfiltered: the release would fail without it.',
  ),
  NP712: note(
    ({ release, lost }: { release: string; lost: readonly string[] }) =>
      `the block of ${release} had comments within its patches that the new one does not have:\n    ${lost.join('\n    ')}`,
    () => 'Those of helm-netpol come and go with the rules. Keep your own above the block.',
  ),

  NP800: error(
    ({ workload, flow, reason, why }: { workload: string; flow: string; reason: string; why: string; help: string }) =>
      `${workload} needs ${flow} (${reason}), which is cut: ${why}`,
    ({ help }) => help,
  ),
  NP801: warning(
    ({ policy, problem }: { policy: string; problem: string }) => `${policy} would be refused, and so takes no part: ${problem}`,
    () => 'Mend the policy; until then it locks nothing and allows nothing.',
  ),
  NP802: note(
    ({ policy, apiVersion, why }: { policy: string; apiVersion: string; why: string }) =>
      `${policy} (${apiVersion === '' ? 'no apiVersion' : apiVersion}) takes no part: ${why}`,
    () => 'What it allows or denies is not known here. `helm-netpol check --engine-impl` names the network that enforces the policies.',
  ),
  NP803: error(
    ({ policies }: { policies: readonly string[] }) => `no one network enforces all of these policies: ${policies.join(', ')}`,
    () => 'Say which one does: helm-netpol check --engine-impl cilium, or calico.',
  ),
  NP804: error(
    ({ problem }: { problem: string }) => `the world file: ${problem}`,
    () => 'docs/check.md describes the file, and helm-netpol schema world prints its JSON Schema.',
  ),
  NP805: note(
    ({ policy, problem }: { policy: string; problem: string }) => `${policy} does not all that it says: ${problem}`,
    () => 'The network takes the policy and leaves this part of it out, or reads it otherwise.',
  ),
  NP810: note(
    ({ objects, files }: { objects: readonly string[]; files: readonly string[] }) =>
      `of ${files.join(', ')}, ${objects.length} object${objects.length === 1 ? ' takes' : 's take'} no part, since the stream or a later file has the same: ${fewOf(objects)}`,
    () => 'What the stream has takes the place of what the cluster has, as an upgrade does it.',
  ),
  NP811: warning(
    ({ object, by }: { object: string; by: string }) => `${object} is given twice, and counts as it stands at ${by}`,
    () => 'Keep one of them: Helm and the API server refuse to create the second, and kubectl apply leaves the last.',
  ),
  NP812: note(
    ({ objects, namespace }: { objects: readonly string[]; namespace: string }) =>
      `${objects.length} object${objects.length === 1 ? ' names' : 's name'} no namespace, and nobody tells that of the release, so that ${namespace} is taken: ${fewOf(objects)}`,
    () => 'Say which one with -n NAMESPACE: policies of another namespace do not hold for them.',
  ),
  NP813: error(
    ({ file }: { file: string }) => `${file} holds no Kubernetes object`,
    () => 'See whether the command that wrote it failed, and whether it is the file that is meant: one of --world is another.',
  ),
  NP814: warning(
    ({ file, kinds }: { file: string; kinds: readonly string[] }) => `nothing of ${file} says anything here: it holds ${fewOf(kinds)}`,
    () => 'What is read are policies, workloads, pods, Services, Namespaces, Nodes and what belongs to them.',
  ),
  NP815: warning(
    ({ why, others }: { why: string; others: readonly string[] }) =>
      `nothing was asked: ${why}${others.length === 0 ? '' : `; what ${fewOf(others)} ${others.length === 1 ? 'needs' : 'need'} is not asked by itself`}`,
    () => "Ask a question of your own: --flow 'FROM -> TO:PORT', or hand over the workloads as well.",
  ),
  NP816: warning(
    ({ policy, name }: { policy: string; name: string }) => `${policy} has a rule by name for ${name}, of which Cilium never learns what it resolves to`,
    () => 'Let a rule of the same pod look the name up through the proxy: port 53 to the DNS of the cluster, with rules.dns that match it.',
  ),
} as const
