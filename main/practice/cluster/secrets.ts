import type { ApiObject, Objects } from './objects.ts';
import { checkSecret, refuseChange, type SecretToCheck } from './validation.ts';

type Texts = Readonly<Record<string, string>>;

/** Contents by key, as base64. */
export interface SecretObject extends ApiObject {
  readonly immutable?: boolean;
  readonly data?: Texts;
}

/** Makes a secret: what came as text is kept as base64. */
export function createSecret(objects: Objects, namespace: string, given: Readonly<Record<string, unknown>>): ApiObject {
  const { kind: _, apiVersion: __, stringData, data: bytes, type = 'Opaque', ...rest } = given;
  const all = { ...(bytes as Texts | undefined), ...encoded(stringData as Texts | undefined) };
  const secret = { ...rest, data: all, type };
  checkSecret(secret as unknown as SecretToCheck);
  return objects.create('secrets', namespace, secret);
}

/** Merges a patch into a secret. Of one that is immutable only labels can change. */
export function patchSecret(
  objects: Objects,
  namespace: string,
  name: string,
  patch: Readonly<Record<string, unknown>>,
): ApiObject {
  const present = objects.get('secrets', namespace, name) as SecretObject;
  const {
    stringData,
    data: bytes,
    immutable,
    metadata,
  } = patch as {
    readonly stringData?: Texts;
    readonly data?: Texts;
    readonly immutable?: boolean;
    readonly metadata?: { readonly labels?: Texts };
  };
  if (present.immutable && immutable === false) refuseChange(name, 'immutable');
  if (present.immutable && (stringData || bytes)) refuseChange(name, 'data');
  const labels = { ...present.metadata.labels, ...metadata?.labels };
  return objects.change('secrets', {
    ...present,
    metadata: { ...present.metadata, labels },
    data: { ...present.data, ...bytes, ...encoded(stringData) },
  });
}

function encoded(texts: Texts = {}): Texts {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString('base64')]));
}
