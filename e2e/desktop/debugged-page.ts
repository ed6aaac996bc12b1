import { request, WebSocket } from 'undici';

/** Electron knows too little of the protocol for Playwright's way of connecting; this is as much of it as a look needs. */
export class DebuggedPage {
  private lastId = 0;

  private constructor(private readonly socket: WebSocket) {}

  /** Connects to the one page of an app that was started with `--remote-debugging-port`. */
  static async connect(debuggerUrl: string): Promise<DebuggedPage> {
    for (;;) {
      const { body } = await request(`http://${new URL(debuggerUrl).host}/json/list`);
      const targets = (await body.json()) as { readonly type: string; readonly webSocketDebuggerUrl: string }[];
      const page = targets.find(({ type }) => type === 'page');
      if (page) return new DebuggedPage(await opened(new WebSocket(page.webSocketDebuggerUrl)));
    }
  }

  /** All that can be read in the page. */
  async text(): Promise<string> {
    const answer = await this.call('Runtime.evaluate', { expression: 'document.body.innerText' });
    return (answer as { readonly result: { readonly value: string } }).result.value;
  }

  /** A picture of it, as a PNG. */
  async screenshot(): Promise<Buffer> {
    const answer = (await this.call('Page.captureScreenshot', {})) as { readonly data: string };
    return Buffer.from(answer.data, 'base64');
  }

  close(): void {
    this.socket.close();
  }

  private call(method: string, params: Readonly<Record<string, unknown>>): Promise<unknown> {
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve) => {
      const look = (event: { readonly data: unknown }) => {
        const message = JSON.parse(String(event.data)) as { readonly id?: number; readonly result: unknown };
        if (message.id !== id) return;
        this.socket.removeEventListener('message', look);
        resolve(message.result);
      };
      this.socket.addEventListener('message', look);
      this.socket.send(JSON.stringify({ id, method, params }));
    });
  }
}

function opened(socket: WebSocket): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => resolve(socket));
    socket.addEventListener('error', () => reject(new Error('the page cannot be reached')));
  });
}
