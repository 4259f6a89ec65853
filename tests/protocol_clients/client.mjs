/**
 * The reference client of graphql-transport-ws, driven line by line.
 *
 *     node client.mjs ws://127.0.0.1:8000/graphql
 *
 * Each line of standard input is one command, each line of standard output one thing that happened,
 * both as JSON. It ends when its standard input does.
 *
 *     {"do": "connect", "payload": …, "retries": n, "late": ms, "first": […], "options": {…}}
 *                                      make the client; the first time it may greet late, or say
 *                                      other things first
 *     {"do": "subscribe", "name": "a", "query": …, "variables": …, "id": …}
 *     {"do": "complete", "name": "a"}
 *     {"do": "point", "url": …}       where it connects to from the next time on
 *     {"do": "dispose"}
 */
import { createClient } from 'graphql-ws';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';

let url = process.argv[2];
let client;
let nextId;
const endings = new Map();

function tell(happened, more = {}) {
  console.log(JSON.stringify({ happened, ...more }));
}

function told(error) {
  if (Array.isArray(error)) return { errors: error };
  return 'code' in error ? { code: error.code, reason: error.reason } : { message: String(error) };
}

/** The cursor of the last answer, from which an operation that is sent again goes on. */
const reached = new Map();

const commands = {
  connect({ payload, retries = 0, late = 0, first = [], options = {} }) {
    client = createClient({
      url: () => url,
      webSocketImpl: WebSocket,
      async connectionParams() {
        const wait = late;
        late = 0;
        await sleep(wait);
        return payload;
      },
      retryAttempts: retries,
      retryWait: () => sleep(50),
      generateID: () => nextId ?? crypto.randomUUID(),
      on: {
        opened(socket) {
          const greeting = { type: 'connection_init', payload };
          for (const said of first.splice(0))
            socket.send(JSON.stringify(said === 'greeting' ? greeting : said));
        },
        connected: (_socket, ack, retried) => tell('connected', { ack, retried }),
        ping: (received, payload) => tell('ping', { received, payload }),
        pong: (received, payload) => tell('pong', { received, payload }),
        closed: ({ code, reason }) => tell('closed', { code, reason }),
      },
      ...options,
    });
  },
  subscribe({ name, query, variables = {}, id }) {
    nextId = id;
    const payload = {
      query,
      // It is read again each time the operation is sent, which is how a stream is resumed.
      get variables() {
        return reached.has(name) ? { ...variables, after: reached.get(name) } : variables;
      },
    };
    const ending = client.subscribe(payload, {
      next(answer) {
        const [event] = Object.values(answer.data ?? {});
        if (event?.cursor) reached.set(name, event.cursor);
        tell('next', { name, answer });
      },
      error: (error) => tell('error', { name, ...told(error) }),
      complete: () => tell('complete', { name }),
    });
    endings.set(name, ending);
  },
  complete({ name }) {
    endings.get(name)();
  },
  point(given) {
    url = given.url;
  },
  async dispose() {
    await client.dispose();
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  await commands[command.do](command);
}
process.exit(0);
