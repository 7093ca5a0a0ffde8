/** The pages whose blocks are tested, here and with the real tools in the conformance suite; a page is added by its path. */
export const testedPages = [
  'README.md',
  'docs/kustomize.md',
  'docs/argocd.md',
  'docs/ci.md',
  'docs/packages.md',
  'docs/values.md',
  'docs/required-traffic.md',
  'docs/diagnostics.md',
  'docs/engines.md',
] as const

/** The pages whose blocks have tests of their own: test/flux/docs.test.ts, test/guides.test.ts, test/permission.test.ts and the parts `guides` and `permission` of the conformance suite. */
export const pagesTestedElsewhere = ['docs/flux.md', 'docs/helm.md', 'docs/editors.md', 'docs/migrating.md', 'docs/security.md'] as const
