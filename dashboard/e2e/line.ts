/** The page's line to the server, which a spec cuts, mends, or lets carry nothing. */
import type { Page, WebSocketRoute } from '@playwright/test';

export class Line {
  /** What the server tells is lost on the way, and nobody notices. */
  isMute = false;
  private isCut = false;
  private readonly open = new Set<[ours: WebSocketRoute, theirs: WebSocketRoute]>();

  /** Before the page is opened. */
  static async of(page: Page): Promise<Line> {
    const line = new Line();
    await page.routeWebSocket('**/graphql', (socket) => line.carry(socket));
    return line;
  }

  private carry(socket: WebSocketRoute): void {
    if (this.isCut) return void socket.close({ code: 1012, reason: 'cut' });
    const server = socket.connectToServer();
    this.open.add([socket, server]);
    server.onMessage((message) => {
      if (!this.isMute || !String(message).includes('"type":"next"')) socket.send(message);
    });
  }

  get sockets(): number {
    return this.open.size;
  }

  async cut(): Promise<void> {
    this.isCut = true;
    for (const [ours, theirs] of this.open) {
      await theirs.close();
      await ours.close({ code: 1012, reason: 'cut' });
    }
    this.open.clear();
  }

  mend(): void {
    this.isCut = false;
  }
}
