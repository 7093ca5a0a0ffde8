import { visibleLines } from './visible.ts'

/**
 * How a failure reaches the user under Helm 4, which throws a post-renderer's stderr away: as a YAML
 * block scalar on stdout. Helm refuses a scalar for a manifest, shows its text, exits 1 and makes no
 * revision (helm v4, pkg/action: the post-rendered stream is parsed into mappings).
 */
export function blockScalar(text: string): string {
  const lines = visibleLines(text).trimEnd().split('\n')
  return `|\n${lines.map(line => `  ${line}`.trimEnd()).join('\n')}\n`
}
