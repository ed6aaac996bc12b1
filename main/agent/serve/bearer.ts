import { jwtVerify } from 'jose';
import type { Clock } from '../platform/clock.ts';

const ALGORITHMS = ['HS256', 'HS384', 'HS512'];

/**
 * True for `Bearer <JWT>` (the scheme in any case) that was signed with the secret and is valid now. What the token says
 * besides does not matter. Source: the reference agent, `pkg/server/auth_middleware.go`, which takes any word for the scheme.
 */
export async function isAuthorised(header: string | undefined, secret: Uint8Array, clock: Clock): Promise<boolean> {
  const token = /^Bearer ([^\s]+)$/i.exec(header ?? '')?.[1];
  if (token === undefined) return false;
  try {
    await jwtVerify(token, secret, { algorithms: ALGORITHMS, currentDate: new Date(clock.now()) });
    return true;
  } catch {
    // Whatever is wrong with it: who may not come in is not told why.
    return false;
  }
}
