import { readYaml } from '../../config/read-yaml.ts';

/** A part of an object of the API. */
export type Parts = Readonly<Record<string, unknown>>;

/** What the ConfigMap of `kubernetes-pod-spec` holds. */
export interface PodTemplate {
  readonly pod: Parts;
  readonly mainContainer: Parts;
  readonly sidecarContainers: Parts;
}

export const NO_TEMPLATE: PodTemplate = { pod: {}, mainContainer: {}, sidecarContainers: {} };

/** Reads the three keys of a ConfigMap. One line says which is not what it should be. */
export function readTemplate(texts: Readonly<Record<string, string>>): PodTemplate | string {
  const pod = readParts('pod', texts);
  if (typeof pod === 'string') return pod;
  const mainContainer = readParts('mainContainer', texts);
  if (typeof mainContainer === 'string') return mainContainer;
  const sidecarContainers = readParts('sidecarContainers', texts);
  if (typeof sidecarContainers === 'string') return sidecarContainers;
  return {
    pod: podTexts(pod),
    mainContainer: containerTexts(mainContainer),
    sidecarContainers: containerTexts(sidecarContainers),
  };
}

/** As everything around Kubernetes reads YAML: `yes` is true, and a file mode of 0400 is octal. */
const YAML_1_1 = { version: '1.1' } as const;

function readParts(key: string, texts: Readonly<Record<string, string>>): Parts | string {
  const yaml = readYaml(texts[key] ?? '', YAML_1_1);
  if (!yaml.ok) return `the key '${key}' ${yaml.problem}`;
  const parts = yaml.content ?? {};
  return isParts(parts) ? parts : `the key '${key}' is not an object`;
}

/** The API wants texts where many write numbers; the reference agent makes texts of them, too. */
function containerTexts(container: Parts): Parts {
  return changed(container, { env: (one) => changed(one, { value: asText }), command: asText, args: asText });
}

function podTexts(pod: Parts): Parts {
  const selectors = (labels: unknown) =>
    isParts(labels) ? Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, asText(value)])) : labels;
  return changed(pod, {
    nodeSelector: selectors,
    tolerations: (one) => changed(one, { value: asText }),
    initContainers: (one) => (isParts(one) ? containerTexts(one) : one),
  });
}

function asText(value: unknown): unknown {
  return ['number', 'boolean', 'bigint'].includes(typeof value) ? String(value) : value;
}

/** With some fields changed, of lists each member. What is no object, and what is not there, stays as it is. */
function changed<T>(value: T, fields: Readonly<Record<string, (field: unknown) => unknown>>): T {
  if (!isParts(value)) return value;
  const present = Object.entries(fields).filter(([name]) => name in value);
  const entries = present.map(([name, change]) => {
    const field = value[name];
    return [name, Array.isArray(field) ? field.map(change) : change(field)] as const;
  });
  return { ...value, ...Object.fromEntries(entries) };
}

function isParts(value: unknown): value is Parts {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A field that is a list; none where it is something else. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
