"""What the servers are asked: the same of ours and of the handler that it is held against."""

from dataclasses import dataclass
from typing import Any

import orjson

from bench.filling import BUSY_APP, BUSY_ENVIRONMENT


@dataclass(frozen=True)
class Question:
    """An operation, and where the raw handler answers the same."""

    name: str
    query: str
    variables: dict[str, Any]
    raw_path: str

    @property
    def graphql(self) -> bytes:
        return orjson.dumps({"query": self.query, "variables": self.variables})

    @property
    def raw(self) -> bytes:
        return orjson.dumps(self.variables)


MENU = Question(
    "Q1 the environment menu",
    """
    query Menu($app: String!) {
      app(name: $app) {
        id name
        environments(first: 50) {
          nodes {
            id name isDefault state pinLabel currentVersion
            pin { version since }
            deploying { id version }
          }
        }
      }
    }
    """,
    {"app": BUSY_APP},
    "/menu",
)
HISTORY = Question(
    "Q2 the deployment history",
    """
    query History($app: String!, $name: String!) {
      environment(app: $app, name: $name) {
        id name
        deployments(first: 50) {
          nodes {
            id kind version status note createdAt settledAt
            actor { name kind }
            commit { sha shortSha message authorName }
            source { id name }
            fileSync { status }
            codeBuild { status cacheHit }
          }
          pageInfo { hasNextPage }
        }
      }
    }
    """,
    {"app": BUSY_APP, "name": BUSY_ENVIRONMENT},
    "/history",
)
READS = (MENU, HISTORY)
