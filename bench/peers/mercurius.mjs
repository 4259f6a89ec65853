// mercurius with its compiler: node mercurius.mjs PORT URL TOKEN

import Fastify from "fastify";
import mercurius from "mercurius";
import { resolversOver, typeDefs } from "./deployments.mjs";

const [port, url, token] = process.argv.slice(2);
const app = Fastify();

app.addHook("onRequest", async (request, reply) => {
  if (request.headers.authorization !== `Bearer ${token}`) {
    return reply.code(401).send();
  }
});
app.register(mercurius, { schema: typeDefs, resolvers: resolversOver(url), jit: 1, graphiql: false });
await app.listen({ host: "127.0.0.1", port: Number(port) });
