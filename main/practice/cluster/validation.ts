import { type Cause, invalid } from './api-failure.ts';

/*
 * What the API refuses, in its own words (recorded from kube-apiserver v1.32.5): the rules that an agent can break with what
 * a job request holds.
 */

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const LABEL_KEY = /^([\w.-]+\/)?([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const CONFIG_KEY = /^[-._a-zA-Z0-9]+$/;
const VARIABLE = /^[ -<>-~]+$/;
/** Of a secret's contents together, in bytes. */
const MAX_SECRET_BYTES = 1_048_576;

const SUBDOMAIN_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const DNS_LABEL_RULE =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const LABEL_KEY_RULE =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const LABEL_VALUE_RULE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const CONFIG_KEY_RULE =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
const VARIABLE_RULE =
  "a valid environment variable name must consist only of printable ASCII characters other than '='";

interface Meta {
  readonly name?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface PodToCheck {
  readonly metadata: Meta;
  readonly spec: {
    readonly containers?: readonly ContainerToCheck[];
    readonly initContainers?: readonly ContainerToCheck[];
    readonly volumes?: readonly { readonly name: string }[];
  };
}

interface ContainerToCheck {
  readonly name?: string;
  readonly image?: string;
  readonly env?: readonly { readonly name?: string }[];
  readonly volumeMounts?: readonly { readonly name: string }[];
}

/** Throws what the API says of a pod that is not as it should be. */
export function checkPod({ metadata, spec }: PodToCheck): void {
  const volumes = new Set((spec.volumes ?? []).map(({ name }) => name));
  const names = new Set<string>();
  const ofContainers = (list: readonly ContainerToCheck[], field: string) =>
    list.flatMap((one, index) => containerCauses(one, `spec.${field}[${index}]`, { names, volumes }));
  refuse('Pod', metadata, [
    ...metaCauses(metadata),
    ...ofContainers(spec.initContainers ?? [], 'initContainers'),
    ...ofContainers(spec.containers ?? [], 'containers'),
  ]);
}

function containerCauses(
  { name = '', image = '', env = [], volumeMounts = [] }: ContainerToCheck,
  path: string,
  { names, volumes }: { readonly names: Set<string>; readonly volumes: ReadonlySet<string> },
): Cause[] {
  const causes: Cause[] = [];
  if (!DNS_LABEL.test(name) || name.length > 63) causes.push(bad(`${path}.name`, name, DNS_LABEL_RULE));
  else if (names.has(name))
    causes.push({ reason: 'FieldValueDuplicate', message: `Duplicate value: "${name}"`, field: `${path}.name` });
  names.add(name);
  if (image === '') causes.push(required(`${path}.image`));
  for (const [index, variable] of env.entries()) {
    const named = variable.name ?? '';
    if (!VARIABLE.test(named)) causes.push(bad(`${path}.env[${index}].name`, named, VARIABLE_RULE));
  }
  for (const [index, mount] of volumeMounts.entries()) {
    const field = `${path}.volumeMounts[${index}].name`;
    if (!volumes.has(mount.name))
      causes.push({ reason: 'FieldValueNotFound', message: `Not found: "${mount.name}"`, field });
  }
  return causes;
}

export interface SecretToCheck {
  readonly metadata: Meta;
  readonly type?: string;
  /** Base64 by key. */
  readonly data: Readonly<Record<string, string>>;
}

/** The same of a secret. */
export function checkSecret({ metadata, type, data: contents }: SecretToCheck): void {
  const keys = Object.keys(contents);
  const size = Object.values(contents).reduce((sum, value) => sum + Buffer.byteLength(value, 'base64'), 0);
  refuse('Secret', metadata, [
    ...metaCauses(metadata),
    ...keys.filter((key) => !CONFIG_KEY.test(key)).map((key) => bad(`data[${key}]`, key, CONFIG_KEY_RULE)),
    ...(size > MAX_SECRET_BYTES ? [TOO_LONG] : []),
    ...(type === 'kubernetes.io/dockerconfigjson' && !keys.includes('.dockerconfigjson')
      ? [required('data[.dockerconfigjson]')]
      : []),
  ]);
}

const TOO_LONG: Cause = {
  reason: 'FieldValueTooLong',
  message: `Too long: may not be more than ${MAX_SECRET_BYTES} bytes`,
  field: 'data',
};

/** Throws what the API says to a change of what is immutable. */
export function refuseChange(name: string, field: 'data' | 'immutable'): never {
  const message = 'Forbidden: field is immutable when `immutable` is set';
  throw invalid('Secret', name, [{ reason: 'FieldValueForbidden', message, field }]);
}

function metaCauses({ name = '', labels = {} }: Meta): Cause[] {
  const causes = SUBDOMAIN.test(name) && name.length <= 253 ? [] : [bad('metadata.name', name, SUBDOMAIN_RULE)];
  for (const [key, value] of Object.entries(labels)) {
    if (!LABEL_KEY.test(key)) causes.push(bad('metadata.labels', key, LABEL_KEY_RULE));
    if (!LABEL_VALUE.test(value)) causes.push(bad('metadata.labels', value, LABEL_VALUE_RULE));
  }
  return causes;
}

function bad(field: string, value: string, rule: string): Cause {
  return { reason: 'FieldValueInvalid', message: `Invalid value: ${JSON.stringify(value)}: ${rule}`, field };
}

function required(field: string): Cause {
  return { reason: 'FieldValueRequired', message: 'Required value', field };
}

function refuse(kind: string, { name = '' }: Meta, causes: readonly Cause[]): void {
  if (causes.length > 0) throw invalid(kind, name, causes);
}
