// Who has the token is answered, on loopback alone.

import { createServer } from "node:http";

export function listen(port, token, handler) {
  const server = createServer((request, response) => {
    if (request.headers.authorization === `Bearer ${token}`) {
      handler(request, response);
    } else {
      response.writeHead(401).end();
    }
  });
  server.listen(Number(port), "127.0.0.1");
}
