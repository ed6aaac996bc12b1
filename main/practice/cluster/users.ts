import { ApiFailure, unauthorized } from './api-failure.ts';

/** What somebody may do in a namespace: verbs by resource. */
export type Rights = Readonly<Record<string, readonly string[]>>;

export interface ClusterUser {
  readonly name: string;
  /** Name of the role that grants the rights, as an access review tells it. */
  readonly role: string;
  /** By namespace; `*` for all. */
  readonly rights: Readonly<Record<string, Rights>>;
}

/** What is asked for. Without a namespace it is a path that is no resource. */
export interface Wish {
  readonly verb: string;
  /** `pods`, or with a part of it: `pods/exec`. */
  readonly resource: string;
  readonly namespace: string;
  readonly name?: string;
}

const OBJECT_VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'];

/** What the Kubernetes executor needs, and more of it than it needs, as the recorded agent had. */
export const AGENT_RIGHTS: Rights = {
  pods: OBJECT_VERBS,
  secrets: OBJECT_VERBS,
  configmaps: OBJECT_VERBS,
  'pods/exec': ['get', 'create'],
  'pods/log': ['get'],
};

const READER_RIGHTS: Rights = { pods: ['get', 'list', 'watch'], 'pods/exec': ['get'] };
const EVERYTHING: Rights = { ...AGENT_RIGHTS, events: OBJECT_VERBS };

const ANONYMOUS: ClusterUser = { name: 'system:anonymous', role: '', rights: {} };

/** Users by bearer token: those of the recordings. `namespace`: where they have their rights. */
export function recordedUsers(namespace = 'default'): Map<string, ClusterUser> {
  const inIt = (name: string, role: string, rights: Rights): ClusterUser => ({
    name,
    role,
    rights: { [namespace]: rights },
  });
  const account = (name: string) => `system:serviceaccount:${namespace}:${name}`;
  return new Map([
    ['agent', inIt('agent', 'agent', AGENT_RIGHTS)],
    ['reader', inIt('reader', 'reader', READER_RIGHTS)],
    ['powerless', inIt(account('powerless'), '', {})],
    ['only-get', inIt(account('exec-get'), 'exec-get', { 'pods/exec': ['get'] })],
    ['only-create', inIt(account('exec-create'), 'exec-create', { 'pods/exec': ['create'] })],
    ['admin', { name: 'admin', role: 'admin', rights: { '*': EVERYTHING } }],
  ]);
}

/** Who calls: by token, else by client certificate, else nobody in particular. Throws for a token that nobody has. */
export function authenticate(
  users: ReadonlyMap<string, ClusterUser>,
  { authorization, certificateName }: { readonly authorization: string; readonly certificateName: string },
): ClusterUser {
  const token = /^Bearer (.+)$/i.exec(authorization)?.[1];
  if (token !== undefined) {
    const user = users.get(token);
    if (!user) throw unauthorized();
    return user;
  }
  return users.get(certificateName) ?? ANONYMOUS;
}

/** Rights for all namespaces stand under `*`; those of a namespace replace them there. */
export function isAllowed(user: ClusterUser, { verb, resource, namespace }: Wish): boolean {
  const rights = user.rights[namespace] ?? user.rights['*'];
  return rights?.[resource]?.includes(verb) ?? false;
}

/** Throws what the API says to somebody who has no right to it. */
export function authorize(user: ClusterUser, wish: Wish): void {
  if (isAllowed(user, wish)) return;
  const { verb, resource, namespace, name } = wish;
  const kind = resource.split('/')[0] ?? resource;
  const what = name === undefined ? kind : `${kind} "${name}"`;
  throw new ApiFailure({
    code: 403,
    reason: 'Forbidden',
    message: `${what} is forbidden: User "${user.name}" cannot ${verb} resource "${resource}" in API group "" in the namespace "${namespace}"`,
    details: { ...(name === undefined ? {} : { name }), kind },
  });
}

/** The same for a path that is no resource. */
export function refusePath(user: ClusterUser, path: string): never {
  const message = `forbidden: User "${user.name}" cannot get path "${path}"`;
  throw new ApiFailure({ code: 403, reason: 'Forbidden', message, details: {} });
}

/** The answer to a SelfSubjectAccessReview, which anybody may ask who is somebody. */
export function reviewAccess(user: ClusterUser, review: AccessReview): unknown {
  const asked = review.spec?.resourceAttributes ?? {};
  const { namespace = '', verb = '', resource = '', subresource } = asked;
  const wish = { namespace, verb, resource: subresource ? `${resource}/${subresource}` : resource };
  const by = user.rights['*'] ? `ClusterRoleBinding "${user.role}"` : `RoleBinding "${user.role}/${namespace}"`;
  const role = user.rights['*'] ? 'ClusterRole' : 'Role';
  const reason = `RBAC: allowed by ${by} of ${role} "${user.role}" to User "${user.name}"`;
  return {
    kind: 'SelfSubjectAccessReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: { creationTimestamp: null },
    spec: { resourceAttributes: { namespace, verb, resource, ...(subresource ? { subresource } : {}) } },
    status: isAllowed(user, wish) ? { allowed: true, reason } : { allowed: false },
  };
}

export interface AccessReview {
  readonly spec?: {
    readonly resourceAttributes?: {
      readonly namespace?: string;
      readonly verb?: string;
      readonly resource?: string;
      readonly subresource?: string;
    };
  };
}
