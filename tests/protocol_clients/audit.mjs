/**
 * The audit of GraphQL over HTTP, asked of a server.
 *
 *     node audit.mjs http://127.0.0.1:8000/graphql < headers.json
 *
 * The headers of standard input go with every request, for the server answers no stranger. Standard
 * output is a list of `{id, name, status, reason}`, where `status` is `ok`, or what the audit calls a
 * failure: `error` of what MUST be, `warn` of what SHOULD, `notice` of what MAY.
 */
import { serverAudits } from 'graphql-http';
import { json } from 'node:stream/consumers';

const headers = await json(process.stdin);

function ask(address, options) {
  return fetch(address, { ...options, headers: { ...options?.headers, ...headers } });
}

const results = [];
for (const audit of serverAudits({ url: process.argv[2], fetchFn: ask })) {
  const { id, name, status, reason } = await audit.fn();
  results.push({ id, name, status, reason });
}
console.log(JSON.stringify(results));
