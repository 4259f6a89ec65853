// PostGraphile over our tables, with the schema that it makes of them: node postgraphile.mjs PORT URL TOKEN

import "./older_node.mjs";

process.env.GRAPHILE_ENV ??= "production";

const { postgraphile } = await import("postgraphile");
const { makePgService } = await import("postgraphile/adaptors/pg");
const { grafserv } = await import("postgraphile/grafserv/node");
const { PostGraphileAmberPreset } = await import("postgraphile/presets/amber");
const { listen } = await import("./listening.mjs");

const [port, url, token] = process.argv.slice(2);
const server = postgraphile({
  extends: [PostGraphileAmberPreset],
  // Sorting by what only a partial index knows is allowed; nothing is written.
  disablePlugins: ["PgIndexBehaviorsPlugin", "PgMutationCreatePlugin", "PgMutationUpdateDeletePlugin"],
  grafserv: { graphqlPath: "/graphql", graphiql: false, watch: false },
  pgServices: [makePgService({ connectionString: url, poolConfig: { max: 10 } })],
}).createServ(grafserv);

await server.ready();
listen(port, token, server.createHandler());
