// What the hand-written servers answer: a schema with our names, resolvers, and a pool of connections.
// Names that hang on a row come by a join, so an answer is two statements whatever its length.

import { readFileSync } from "node:fs";
import pg from "pg";

const TIMESTAMPTZ = 1184;
pg.types.setTypeParser(TIMESTAMPTZ, (text) => `${text.replace(" ", "T")}:00`); // in UTC, no Date made

export const typeDefs = /* GraphQL */ `
  scalar DateTime
  enum EnvironmentState { DEFAULT NO_PIN PINNED }
  enum DeploymentKind { PUSH PROMOTION ROLLBACK REDEPLOY }
  enum DeploymentStatus { IN_PROGRESS DEPLOYED FAILED }
  enum ActorKind { MEMBER API_KEY SERVICE GIT SYSTEM ANONYMOUS }
  enum FileSyncStatus { PENDING SYNCING SYNCED FAILED SKIPPED }
  enum CodeBuildStatus { PENDING BUILDING DEPLOYED FAILED SKIPPED }
  type Query {
    app(name: String!): App
    environment(app: String!, name: String!): Environment
  }
  type Mutation { promote(environment: ID!): Promoted! }
  type Promoted { deployment: Deploying! }
  type App { id: ID! name: String! environments(first: Int! = 50): Environments! }
  type Environments { nodes: [Environment!]! }
  type Environment {
    id: ID!
    name: String!
    isDefault: Boolean!
    state: EnvironmentState!
    pinLabel: String!
    currentVersion: Int!
    pin: Pin
    deploying: Deploying
    deployments(first: Int! = 50): Deployments!
  }
  type Pin { version: Int! since: DateTime! }
  type Deploying { id: ID! version: Int }
  type Deployments { nodes: [Deployment!]! pageInfo: PageInfo! }
  type PageInfo { hasNextPage: Boolean! }
  type Deployment {
    id: ID!
    kind: DeploymentKind!
    version: Int
    status: DeploymentStatus!
    note: String
    createdAt: DateTime!
    settledAt: DateTime
    actor: Actor!
    commit: Commit!
    source: Source
    fileSync: FileSync!
    codeBuild: CodeBuild!
  }
  type Actor { name: String! kind: ActorKind! }
  type Commit { sha: String! shortSha: String! message: String authorName: String }
  type Source { id: ID! name: String! }
  type FileSync { status: FileSyncStatus! }
  type CodeBuild { status: CodeBuildStatus! cacheHit: Boolean! }
`;

const APP = "SELECT id, name FROM app WHERE name = $1";
const ENVIRONMENTS = `
  SELECT environment.id, environment.name, is_default AS "isDefault", pinned_version,
         current_version AS "currentVersion", pin.settled_at AS pinned_at,
         running.id AS running_id, running.version AS running_version
  FROM environment
  LEFT JOIN deployment AS pin ON pin.id = environment.pinned_deployment_id
  LEFT JOIN deployment AS running ON running.id = environment.deploying_id
  WHERE environment.app_id = $1 AND environment.deleted_at IS NULL
  ORDER BY is_default DESC, environment.name LIMIT $2`;
const ENVIRONMENT = `
  SELECT environment.id, environment.name
  FROM environment JOIN app ON app.id = environment.app_id
  WHERE app.name = $1 AND environment.name = $2 AND environment.deleted_at IS NULL`;
const DEPLOYMENTS = `
  SELECT made.id, kind, version, note, made.created_at AS "createdAt", settled_at AS "settledAt",
         actor_name, actor_kind, commit_sha AS sha, message, author_name AS "authorName",
         source.id AS source_id, source.name AS source_name, file_sync, code_build, cache_decision
  FROM deployment AS made
  JOIN commit ON commit.app_id = made.app_id AND commit.sha = made.commit_sha
  LEFT JOIN environment AS source ON source.id = made.source_id
  WHERE made.environment_id = $1
  ORDER BY ordinal DESC LIMIT $2`;
const PROMOTE = readFileSync(new URL("../promotion.sql", import.meta.url), "utf8");

/** The schema's resolvers over the Postgres at the URL; a statement is prepared once a connection. */
export function resolversOver(url) {
  const pool = new pg.Pool({ connectionString: url, max: 10 });
  const rowsOf = async (name, text, ...values) => (await pool.query({ name, text, values })).rows;
  const oneOf = async (...asked) => (await rowsOf(...asked))[0] ?? null;
  return {
    Query: {
      app: (_, { name }) => oneOf("app", APP, name),
      environment: (_, { app, name }) => oneOf("environment", ENVIRONMENT, app, name),
    },
    Mutation: {
      promote: async (_, { environment }) => ({ deployment: await oneOf("promote", PROMOTE, environment) }),
    },
    App: {
      id: ({ id }) => globalId("App", id),
      environments: async ({ id }, { first }) => ({ nodes: await rowsOf("menu", ENVIRONMENTS, id, first) }),
    },
    Environment: {
      id: ({ id }) => globalId("Environment", id),
      state: ({ isDefault, pinned_version }) =>
        isDefault ? "DEFAULT" : pinned_version === null ? "NO_PIN" : "PINNED",
      pinLabel: ({ isDefault, pinned_version }) =>
        isDefault ? "default" : pinned_version === null ? "no-pin" : `v${pinned_version}`,
      pin: ({ pinned_version, pinned_at }) =>
        pinned_version === null ? null : { version: pinned_version, since: pinned_at },
      deploying: ({ running_id, running_version }) =>
        running_id === null ? null : { id: running_id, version: running_version },
      deployments: async ({ id }, { first }) => pageOf(await rowsOf("history", DEPLOYMENTS, id, first + 1), first),
    },
    Deploying: { id: ({ id }) => globalId("Deployment", id) },
    Deployment: {
      id: ({ id }) => globalId("Deployment", id),
      status: ({ settledAt, file_sync, code_build }) =>
        [file_sync, code_build].includes("FAILED") ? "FAILED" : settledAt === null ? "IN_PROGRESS" : "DEPLOYED",
      actor: ({ actor_name, actor_kind }) => ({ name: actor_name, kind: actor_kind }),
      commit: (row) => row,
      source: ({ source_id, source_name }) => (source_id === null ? null : { id: source_id, name: source_name }),
      fileSync: ({ file_sync }) => ({ status: file_sync }),
      codeBuild: ({ code_build, cache_decision }) => ({ status: code_build, cacheHit: cache_decision === "HIT" }),
    },
    Commit: { shortSha: ({ sha }) => sha.slice(0, 7) },
    Source: { id: ({ id }) => globalId("Environment", id) },
  };
}

function pageOf(rows, first) {
  return { nodes: rows.slice(0, first), pageInfo: { hasNextPage: rows.length > first } };
}

function globalId(kind, id) {
  return Buffer.from(`${kind}:${id.replaceAll("-", "")}`).toString("base64url");
}
