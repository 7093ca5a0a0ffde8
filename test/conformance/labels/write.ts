import type { Chance } from '../harness/chance.ts'
import type { Meant } from './meant.ts'

/** The workload and a Service as a chart could have written them: every string in quotes. */
export function documentsOf({ name, namespace, labels, matchLabels, matchExpressions, port, file }: Meant, chance: Chance): string {
  const text = (value: string): string => quoted(value, chance)
  const map = (entries: Readonly<Record<string, string>>): string =>
    `{${Object.entries(entries)
      .map(([key, value]) => `${text(key)}: ${text(value)}`)
      .join(', ')}}`
  const expressions = matchExpressions.map(({ key, operator, values }) => `{key: ${text(key)}, operator: ${operator}, values: [${values.map(text).join(', ')}]}`)
  return `---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${text(name)}
  namespace: ${text(namespace)}
  annotations:
    postrenderer.helm.sh/postrender-filename: ${text(file)}
  labels: ${map(labels)}
spec:
  selector:
    matchLabels: ${map(matchLabels)}
    matchExpressions: [${expressions.join(', ')}]
  template:
    metadata:
      labels: ${map(matchLabels)}
    spec:
      containers:
        - name: manager
          ports: [{name: ${text(port)}, containerPort: 8443}]
---
apiVersion: v1
kind: Service
metadata:
  name: ${text(name)}
  namespace: ${text(namespace)}
spec:
  selector: ${map(matchLabels)}
  ports: [{port: 443, targetPort: ${text(port)}}]
`
}

/** In single quotes where they can say it, else as JSON does, with what YAML forbids escaped. */
function quoted(value: string, chance: Chance): string {
  if (chance.chance(0.5) && /^[\x20-\x7e]*$/.test(value)) return `'${value.replaceAll("'", "''")}'`
  return JSON.stringify(value).replace(/[\x7f-\x9f\u2028\u2029\ufeff]/g, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
