import type { Diagnose } from '../diagnostics/collect.ts'
import type { Plan } from '../traffic/plan.ts'
import { shellWord } from './shell-word.ts'

/** A stream that was rendered for another release than the one that Flux makes: its policies would select other pods. */
export function tellStray(
  plan: Plan,
  release: { title: string; releaseName: string | undefined; releaseNamespace: string | undefined },
  diagnose: Diagnose,
): void {
  const { title, releaseName, releaseNamespace } = release
  const command = `helm template ${shellWord(releaseName ?? 'NAME')} CHART --namespace ${shellWord(releaseNamespace ?? 'NAMESPACE')}`
  for (const { workload } of plan.allowlists) {
    const instance = workload.labels['app.kubernetes.io/instance']
    const strays = [
      ...(instance !== undefined && releaseName !== undefined && instance !== releaseName ? [`release ${instance}, and Flux calls it ${releaseName}`] : []),
      ...(workload.namespace !== undefined && releaseNamespace !== undefined && workload.namespace !== releaseNamespace
        ? [`namespace ${workload.namespace}, and Flux installs into ${releaseNamespace}`]
        : []),
    ]
    if (strays.length > 0) diagnose('NP705', { release: title, workload: workload.title, strays, command })
  }
}
