/** What is typed before the cursor, and the words that the shell must offer there; none: also no files. */
export interface Typed {
  readonly line: string
  readonly offers: readonly string[]
  /** Others may be offered as well. */
  readonly atLeast?: true
}

/** In a folder that holds `values.yaml`, `other.txt` and `charts/`. */
export const typed: readonly Typed[] = [
  { line: 'helm-netpol ', offers: ['explain', 'values', 'completion', 'schema'], atLeast: true },
  { line: 'helm-netpol expl', offers: ['explain'] },
  { line: 'helm-netpol --engine ', offers: ['kubernetes', 'cilium', 'calico', 'clusterNetworkPolicy'] },
  { line: 'helm-netpol --engine=c', offers: ['cilium', 'calico', 'clusterNetworkPolicy'] },
  { line: 'helm-netpol --engine=ci', offers: ['cilium'] },
  { line: 'helm-netpol explain --format ', offers: ['table', 'json', 'markdown', 'mermaid', 'svg', 'html'] },
  { line: 'helm-netpol explain --format=ht', offers: ['html'] },
  { line: 'helm-netpol explain -f values.yaml --engine k', offers: ['kubernetes'] },
  { line: 'helm-netpol values --kub', offers: ['--kubeconfig'] },
  { line: 'helm-netpol explain --kub', offers: [] },
  { line: 'helm-netpol --form', offers: [] },
  { line: 'helm-netpol --vers', offers: ['--version'] },
  { line: 'helm-netpol completion ', offers: ['bash', 'zsh', 'fish'] },
  { line: 'helm-netpol completion f', offers: ['fish'] },
  { line: 'helm-netpol completion --he', offers: ['--help'] },
  { line: 'helm-netpol completion --eng', offers: [] },
  { line: 'helm-netpol -f val', offers: ['values.yaml'] },
  { line: 'helm-netpol --values=val', offers: ['values.yaml'] },
  { line: 'helm-netpol values --kubeconfig val', offers: ['values.yaml'] },
  { line: 'helm-netpol --set networkPolicy.egress.der', offers: ['networkPolicy.egress.derive='] },
  { line: 'helm-netpol --set-json networkPolicy.calico.', offers: ['networkPolicy.calico.ingress=', 'networkPolicy.calico.egress=', 'networkPolicy.calico.order='] },
  { line: 'helm-netpol --namespace ', offers: [] },
  { line: 'helm-netpol --controller val', offers: [] },
  { line: 'helm-netpol --engine cilium expl', offers: [] },
  { line: 'helm-netpol schema val', offers: [] },
]
