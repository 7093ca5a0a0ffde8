/** The pages whose blocks are tested, here and with the real tools in the conformance suite; a page is added by its path. */
export const testedPages = ['docs/kustomize.md', 'docs/argocd.md', 'docs/ci.md'] as const
