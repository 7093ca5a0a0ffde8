import calico from '../../src/passthrough/schemas/calico.json' with { type: 'json' }
import cilium from '../../src/passthrough/schemas/cilium.json' with { type: 'json' }
import clusterNetworkPolicy from '../../src/passthrough/schemas/clusterNetworkPolicy.json' with { type: 'json' }
import { needRows } from '../../src/needs/table.ts'
import { networkPolicy } from '../../src/values/schema.ts'
import type { Fields } from '../../src/values/fields.ts'

/** Keys that something is read from. */
export const keys: readonly string[] = [
  ...new Set([
    ...keysOf(networkPolicy.keys ?? {}),
    ...[calico, cilium, clusterNetworkPolicy].flatMap(schema => propertiesOf(schema)),
    ...`apiVersion kind metadata name namespace labels annotations spec selector matchLabels matchExpressions template containers initContainers
      args command env envFrom value valueFrom configMapKeyRef configMapRef ports containerPort protocol hostNetwork livenessProbe readinessProbe
      startupProbe httpGet tcpSocket grpc exec targetPort nodePort type clusterIP webhooks clientConfig service url caBundle endpoints
      podMetricsEndpoints path scheme port portNumber items data subjects policyTypes podSelector ingress egress conversion functionConfig results
      postRenderers kustomize patches patch target values valuesFrom targetNamespace releaseName postRenderStrategy storageNamespace
      ${needRows.flatMap(({ variables }) => variables).join(' ')}
      __proto__ constructor prototype toString hasOwnProperty valueOf then length <<`.split(/\s+/),
  ]),
]

/** Whole values. */
export const scalars: readonly string[] = [
  ...`Deployment StatefulSet DaemonSet Job CronJob Pod Service ConfigMap Secret List NetworkPolicy CiliumNetworkPolicy ClusterNetworkPolicy
    NetworkPolicyValues ResourceList HelmRelease ValidatingWebhookConfiguration MutatingWebhookConfiguration ServiceMonitor PodMonitor APIService
    RoleBinding CustomResourceDefinition kubernetes cilium calico clusterNetworkPolicy * app app,web stage default kube-system helm-netpol/v1alpha1
    v1 apps/v1 networking.k8s.io/v1 cilium.io/v2 projectcalico.org/v3 policy.networking.k8s.io/v1alpha2 config.kubernetes.io/v1
    helm.toolkit.fluxcd.io/v2 In NotIn Exists DoesNotExist TCP UDP SCTP tcp ICMP Allow Deny Accept Pass 10.0.0.0/8 0.0.0.0/0 ::/0 fd00::/8
    ::ffff:10.0.0.0/104 10.0.0.1 169.254.20.10/32 https metrics webhook gate health sh -c /bin/sh --gate-bind-address=:8082 --metrics-bind-address=:0
    --leader-elect :8080 localhost:8080 [::]:8080 $(PORT) \${PORT:-80} otel.monitoring.svc:4317 https://hooks.example.com:443/x?y s3://bucket
    app.kubernetes.io/component controller prometheus.io/port prometheus.io/scrape helm.sh/hook pre-install helm-netpol/policy allowlist/app
    default-deny/app config.kubernetes.io/path config.kubernetes.io/index config.kubernetes.io/local-config
    true false null ~ yes no on off y n 0 1 -1 -0 +1 00 0777 0o7 0x1F 0b1 1_000 1e3 1e400 .5 .inf -.inf .nan 12:30 2001-12-14 65535 65536
    2147483648 9007199254740993 18446744073709551616 1.0 1e21 1e-7`.split(/\s+/),
  ...needRows.flatMap(({ flags }) => flags.map(flag => `--${flag}=example.com:443`)),
  '',
  ' ',
  '\u{1f600}',
  '\ud800',
  '\udc00x',
  '\ufeff',
  '\u0085',
  '\u2028',
  '\u2029',
  '\u202e',
  '\uffff',
  '\0',
  '\u001b[31m',
  'a\nb',
  'a\n---\nb',
  '# a',
  'a: b',
  '%YAML 1.1',
  'x'.repeat(64),
  'x'.repeat(300),
  'é'.repeat(40),
]

/** Pieces that a text is broken with. */
export const pieces: readonly string[] = [
  ...'--- ... %YAML_1.1 # & * ! | > - ? : { } [ ] , " \' @ ` << &a *a !!str !!binary !!map !<tag> |- |+ |2 >- \\ = '
    .split(' ')
    .map(text => text.replace('_', ' ')),
  '\n',
  '\r\n',
  '\r',
  '\t',
  ' ',
  '\n---\n',
  '\n--- ',
  '\n...\n',
  '\n...\n%YAML 1.1\n---\n',
  '\n# ',
  '\nkind: Deployment\n',
  '\nkind: List\nitems:\n',
  '\n"kind": Service\n',
  '\n? kind\n: Service\n',
  '\n<<: *a\n',
  '{"kind":"List","items":[]}',
  '\0',
  '\x7f',
  '\xef\xbb\xbf',
  '\xc2\x85',
  '\xe2\x80\xa8',
  '\xe2\x80\xa9',
  '\xed\xa0\x80',
  '\xff',
  '\xc0\x80',
  '\\ud800',
  '\\u0000',
  '\\x00',
  '\\L',
]

function keysOf(fields: Fields): string[] {
  return Object.entries(fields).flatMap(([key, field]) => [key, ...keysOf(field.keys ?? {})])
}

function propertiesOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  return Object.entries(schema).flatMap(([key, value]: [string, unknown]) => [
    ...(key === 'properties' && typeof value === 'object' && value !== null ? Object.keys(value) : []),
    ...(key === 'enum' && Array.isArray(value) ? value.map(String) : []),
    ...propertiesOf(value),
  ])
}
