import { safeStorage } from 'electron';

/** A secret as it is in a file. `plain`: this system keeps no secrets, and the file is all that guards it. */
export interface SealedSecret {
  readonly kept: 'encrypted' | 'plain';
  /** Base64. */
  readonly text: string;
}

/** Keeps secrets by the system's own store where there is one. */
export interface SecretStore {
  /** `none`: only the permissions of a file guard what is kept. */
  readonly kind: 'system' | 'none';
  seal(text: string): Promise<SealedSecret>;
  /** Undefined where it cannot be opened: the store is locked, or is another one than it was. */
  open(sealed: SealedSecret): Promise<string | undefined>;
}

/**
 * The one adapter over Electron's `safeStorage`: newer versions have asynchronous calls only, the one of our development
 * runtime has the others. `basic_text` of Linux encrypts with a password that everybody knows: that is no store.
 */
export async function openSecretStore(): Promise<SecretStore> {
  const isReal = await isSystemStore();
  return {
    kind: isReal ? 'system' : 'none',
    async seal(text) {
      if (!isReal) return { kept: 'plain', text: Buffer.from(text).toString('base64') };
      return { kept: 'encrypted', text: (await encrypt(text)).toString('base64') };
    },
    async open({ kept, text }) {
      const bytes = Buffer.from(text, 'base64');
      if (kept === 'plain') return bytes.toString();
      return isReal ? decrypt(bytes).catch(() => undefined) : undefined;
    },
  };
}

async function isSystemStore(): Promise<boolean> {
  // Absent in the development runtime, which says instead that nothing can be encrypted.
  const backend: unknown = process.platform === 'linux' ? safeStorage.getSelectedStorageBackend?.() : undefined;
  if (backend === 'basic_text') return false;
  return hasAsync() ? safeStorage.isAsyncEncryptionAvailable() : safeStorage.isEncryptionAvailable();
}

async function encrypt(text: string): Promise<Buffer> {
  return hasAsync() ? safeStorage.encryptStringAsync(text) : safeStorage.encryptString(text);
}

async function decrypt(bytes: Buffer): Promise<string> {
  return hasAsync() ? (await safeStorage.decryptStringAsync(bytes)).result : safeStorage.decryptString(bytes);
}

function hasAsync(): boolean {
  return typeof safeStorage.encryptStringAsync === 'function';
}
