/** Keys that are part of an identity though a wider pattern leaves them out (pkg/labelsfilter/filter.go, defaultLabelPrefixCfg). */
const included = [
  /^io\.kubernetes\.pod\.namespace/,
  /^io\.cilium\.k8s\.namespace\.labels/,
  /^app\.kubernetes\.io/,
  /^io\.cilium\.k8s\.policy\.cluster/,
  /^io\.cilium\.k8s\.policy\.serviceaccount/,
]

const ignored = [
  /^io\.kubernetes/,
  /^kubernetes\.io/,
  /^statefulset\.kubernetes\.io\/pod-name/,
  /^apps\.kubernetes\.io\/pod-index/,
  /^batch\.kubernetes\.io\/job-completion-index/,
  /^batch\.kubernetes\.io\/controller-uid/,
  /^.*beta\.kubernetes\.io/,
  /^k8s\.io/,
  /^pod-template-generation/,
  /^pod-template-hash/,
  /^controller-revision-hash/,
  /^controller-uid/,
  /^annotation.*/,
  /^etcd_node/,
  /^topology\.kubernetes\.io/,
]

/** Whether Cilium looks at a label of a pod at all, with the filter that it has by default. No selector finds the others. */
export function isIdentityLabel(key: string): boolean {
  const ignores = lengths(ignored, key)
  return ignores.length === 0 || Math.max(0, ...lengths(included, key)) > Math.min(...ignores)
}

function lengths(patterns: readonly RegExp[], key: string): number[] {
  return patterns.flatMap(pattern => pattern.exec(key)?.[0].length ?? [])
}
