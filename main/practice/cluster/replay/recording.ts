import { readFileSync } from 'node:fs';

/*
 * Recorded exchanges with a real API server, and the comparison of what comes now with what came then. Texts in double braces
 * stand for what differs from run to run: the same name, the same value.
 */

export interface Frame {
  readonly from?: 'client' | 'server';
  readonly channel?: number;
  readonly text?: string;
  readonly base64?: string;
  readonly json?: unknown;
  readonly control?: string;
  readonly code?: number;
  readonly note?: string;
}

export interface Exchange {
  readonly note?: string | null;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly user?: string | null;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: unknown;
    readonly protocols?: readonly string[];
  };
  readonly response: {
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: unknown;
  };
  readonly lines?: readonly { readonly event: { readonly type: string; readonly object: unknown } }[];
  readonly frames?: readonly Frame[];
  readonly ended?: string;
}

/** The exchanges of a recording, in their order. */
export function readRecording(path: string): readonly Exchange[] {
  return (JSON.parse(readFileSync(path, 'utf8')) as { readonly exchanges: readonly Exchange[] }).exchanges;
}

/** What may differ from run to run in any place. */
const LOOSE = /^(?:TIME|POD_IP|DIGEST\d+|spec)$/;

/** What the names in braces stand for in this run. */
export class Bindings {
  private readonly values = new Map<string, string>();

  set(name: string, value: string): void {
    this.values.set(name, value);
  }

  /** Puts values in the place of names. A name without a value stays. */
  fill(text: string): string {
    return text.replaceAll(/\{\{(\w+)\}\}/g, (all, name: string) => this.values.get(name) ?? all);
  }

  /** Where something differs from what was recorded, as a path with both sides; nothing where it is the same. */
  differences(recorded: unknown, seen: unknown, path = ''): readonly string[] {
    if (typeof recorded === 'string') return this.sameText(recorded, seen) ? [] : [told(path, recorded, seen)];
    if (Array.isArray(recorded) || isObject(recorded)) {
      if (!isObject(seen) || Array.isArray(recorded) !== Array.isArray(seen)) return [told(path, recorded, seen)];
      const keys = new Set([...Object.keys(recorded), ...Object.keys(seen)]);
      const [then, now] = [recorded, seen] as [Record<string, unknown>, Record<string, unknown>];
      return [...keys].flatMap((key) => this.differences(then[key], now[key], `${path}.${key}`));
    }
    return recorded === seen ? [] : [told(path, recorded, seen)];
  }

  private sameText(recorded: string, seen: unknown): boolean {
    const whole = /^\{\{(\w+)\}\}$/.exec(recorded)?.[1];
    if (whole && LOOSE.test(whole)) return seen !== undefined;
    if (typeof seen !== 'string') return false;
    const names: string[] = [];
    const pattern = recorded
      .split(/(\{\{\w+\}\})/)
      .map((part) => {
        const name = /^\{\{(\w+)\}\}$/.exec(part)?.[1];
        if (name === undefined) return literally(part);
        names.push(name);
        return '(.+?)';
      })
      .join('');
    const match = new RegExp(`^${pattern}$`, 's').exec(seen);
    return match !== null && names.every((name, index) => this.binds(name, match[index + 1] ?? ''));
  }

  private binds(name: string, value: string): boolean {
    const known = this.values.get(name);
    if (known === undefined && !LOOSE.test(name)) this.values.set(name, value);
    return LOOSE.test(name) || known === undefined || known === value;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function told(path: string, recorded: unknown, seen: unknown): string {
  return `${path}: recorded ${JSON.stringify(recorded)}, seen ${JSON.stringify(seen)}`;
}

function literally(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
