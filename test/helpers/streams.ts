export interface WorkloadText {
  readonly kind?: string
  readonly name?: string
  readonly namespace?: string
  readonly labels?: string
  /** The whole of spec.selector; empty: none. */
  readonly selector?: string
  readonly podLabels?: string
  /** Flow style, as are the others. */
  readonly ports?: string
  /** More lines of the container. */
  readonly container?: string
}

/** A small workload as a document of a stream. */
export function workload({
  kind = 'Deployment',
  name = 'app',
  namespace = 'stage',
  labels = '{}',
  selector = '{matchLabels: {app: app}}',
  podLabels = '{app: app}',
  ports = '[{name: metrics, containerPort: 8080}]',
  container = '',
}: WorkloadText = {}): string {
  return `---
apiVersion: apps/v1
kind: ${kind}
metadata:
  name: ${name}
${namespace === '' ? '' : `  namespace: ${namespace}\n`}  labels: ${labels}
spec:
${selector === '' ? '' : `  selector: ${selector}\n`}  template:
    metadata:
      labels: ${podLabels}
    spec:
      containers:
        - name: manager
          ports: ${ports}
${container}`
}

/** A Service that sends to the pods of `workload()`. */
export function service({
  name = 'app',
  namespace = 'stage',
  ports = '[{port: 443, targetPort: https}]',
  selector = '{app: app}',
  labels = '{}',
  annotations = '{}',
} = {}): string {
  return `---
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ${namespace}, labels: ${labels}, annotations: ${annotations}}
spec:
  selector: ${selector}
  ports: ${ports}
`
}

export const configMap = `---
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  text: |
    not a separator: ---
`
