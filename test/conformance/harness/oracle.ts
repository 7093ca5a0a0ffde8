import { createHash } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { End, Flow, JudgeName, Verdict, World } from '../flows/model.ts';
import type { Judges, Program } from './judges.ts';
import { at, parseJson, text } from './manifest.ts';
import { run } from './proc.ts';
import { scratch } from './scratch.ts';

export const programOf: Record<JudgeName, Program> = { cilium: 'oracle-cilium', calico: 'oracle-calico' };

export type Answer = { refused: string } | { verdicts: readonly Verdict[] };

export interface Question {
  judge: JudgeName;
  policies: string;
  world: World;
  flows: readonly Flow[];
  /** Namespace of policies that name none. */
  namespace: string;
  /** Without the engines' own pass for the local node, so that a rule has to admit it. */
  hostByPolicy?: boolean;
}

let count = 0;

/** Puts all flows of one world to one judge, in one process. */
export async function ask(judges: Judges, question: Question): Promise<Answer> {
  const { judge, world, flows } = question;
  const policies = join(scratch('policies'), `${++count}.yaml`);
  writeFileSync(policies, question.policies);
  const input = flows.map((flow, id) => JSON.stringify({ id: String(id), from: reference(flow.from), to: reference(flow.to), port: flow.port, protocol: flow.protocol })).join('\n');
  const ran = await run(judges.path(programOf[judge]), [...flagsOf(question), policies, worldFile(world)], { input });
  if (ran.code === 2) return { refused: ran.stderr.trim() };
  if (ran.code !== 0) throw new Error(`${programOf[judge]}: exit ${ran.code}\n${ran.stderr.trim().slice(0, 2000)}`);
  const verdicts = ran.stdout.split('\n').filter((line) => line !== '').map(verdict);
  if (verdicts.length !== flows.length) throw new Error(`${programOf[judge]} gave ${verdicts.length} verdicts for ${flows.length} flows`);
  return { verdicts };
}

function flagsOf({ judge, world, namespace, hostByPolicy }: Question): string[] {
  const common = ['-namespace', namespace];
  if (judge === 'calico') return hostByPolicy === true ? [...common, '-host-bypass=false'] : common;
  return [...common, `-ipv4=${String(world.families.v4)}`, `-ipv6=${String(world.families.v6)}`, ...(hostByPolicy === true ? ['-allow-localhost', 'policy'] : [])];
}

function verdict(line: string, index: number): Verdict {
  const body = parseJson(line);
  const word = text(at(body, 'verdict'));
  if (text(at(body, 'id')) !== String(index) || (word !== 'allow' && word !== 'deny')) throw new Error(`not a verdict on flow ${index}: ${line}`);
  return word;
}

/** Pods by name: of two addresses the judges take the one that the other end can talk to. */
function reference(end: End): object {
  switch (end.kind) {
    case 'pod':
      return { pod: `${end.namespace}/${end.name}` };
    case 'node':
      return { node: end.id };
    case 'apiserver':
      return { apiserver: true };
    case 'outside':
      return { ip: end.ip };
  }
}

function worldFile(world: World): string {
  const source = JSON.stringify(judgeWorld(world));
  const file = join(scratch('worlds'), `${createHash('sha1').update(source).digest('hex')}.json`);
  if (!existsSync(file)) writeFileSync(file, source);
  return file;
}

function judgeWorld(world: World): object {
  const api = world.ends.find((end) => end.kind === 'apiserver');
  const dns: Record<string, string[]> = {};
  for (const end of world.ends) if (end.kind === 'outside') for (const name of end.names ?? []) dns[name] = [...(dns[name] ?? []), end.ip];
  return {
    namespaces: Object.entries(world.namespaceLabels).map(([name, labels]) => ({ name, labels })),
    pods: world.ends.flatMap((end) =>
      end.kind === 'pod'
        ? [{ namespace: end.namespace, name: end.name, labels: end.labels, ip: end.ip, ...(end.ip6 === undefined ? {} : { ips: [end.ip, end.ip6] }), ports: end.ports.map(({ name, port, protocol }) => ({ name: name ?? '', port, protocol })) }]
        : [],
    ),
    nodes: world.ends.flatMap((end) => (end.kind === 'node' ? [{ name: end.id, ip: end.ip, local: end.local }] : [])),
    ...(api?.kind === 'apiserver' ? { apiserver: { ip: api.ip, port: api.port } } : {}),
    dns,
  };
}
