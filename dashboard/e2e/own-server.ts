/** A server of one spec's own, which it may stop and start again. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Page } from '@playwright/test';
import { pause } from './world';

const program = process.env.PINMARK_PROGRAM ?? '../.venv/bin/pinmark';

export class OwnServer {
  readonly data = mkdtempSync(join(tmpdir(), 'pinmark-own-'));
  private process: ChildProcess | null = null;
  private constructor(readonly port: number) {}

  static async start(): Promise<OwnServer> {
    const server = new OwnServer(await freePort());
    await server.again();
    return server;
  }

  get base(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  private get env(): NodeJS.ProcessEnv {
    return { ...process.env, PINMARK_DATA_DIR: this.data };
  }

  /** Start on the same data and port; returns when it answers. */
  async again(): Promise<void> {
    const started = spawn(program, ['serve', '--demo', '--port', String(this.port)], { env: this.env, stdio: 'ignore' });
    process.once('exit', () => started.kill('SIGTERM')); // a spec that is cut off leaves no server behind
    this.process = started;
    for (;;) {
      const answer = await fetch(`${this.base}/readyz`).catch(() => null);
      if (answer?.ok) return;
      if (started.exitCode !== null) throw new Error('The server did not start.');
      await pause(200);
    }
  }

  /** Have the organization on another plan, which only whoever holds the database may. */
  takePlan(plan: 'FREE' | 'GROWTH' | 'TEAM' | 'ENTERPRISE'): void {
    const postgres = join(this.data, 'postgres');
    const script = `
import sys, psycopg
from pathlib import Path
from pinmark.embedded_postgres import read_running_url
with psycopg.connect(read_running_url(Path(sys.argv[1]))) as connection:
    connection.execute("UPDATE organization SET plan = %s", [sys.argv[2]])`;
    execFileSync(join(dirname(program), 'python'), ['-c', script, postgres, plan]);
  }

  async stop(): Promise<void> {
    const running = this.process;
    if (!running || running.exitCode !== null) return;
    const ended = new Promise((resolve) => running.once('exit', resolve));
    running.kill('SIGTERM');
    await ended;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.data, { recursive: true, force: true });
  }

  async signIn(page: Page): Promise<void> {
    const printed = execFileSync(program, ['sign-in-link', '--url', this.base], { env: this.env, encoding: 'utf8' });
    await page.goto(/http:\/\/\S+\/auth\/link\?token=\S+/.exec(printed)![0]);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL((url) => !url.pathname.startsWith('/auth'), { timeout: 120_000 });
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const listener = createServer();
    listener.listen(0, '127.0.0.1', () => {
      const address = listener.address();
      listener.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
