// graphql-yoga as it comes: node graphql-yoga.mjs PORT URL TOKEN

import { createSchema, createYoga } from "graphql-yoga";
import { resolversOver, typeDefs } from "./deployments.mjs";
import { listen } from "./listening.mjs";

const [port, url, token] = process.argv.slice(2);
const schema = createSchema({ typeDefs, resolvers: resolversOver(url) });
const yoga = createYoga({ schema, graphiql: false, landingPage: false, logging: false });

listen(port, token, yoga);
