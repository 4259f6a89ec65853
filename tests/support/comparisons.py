"""Asking over HTTP what a promotion would change."""

from typing import Any

from models import Environment
from schema.ids import encode_id
from tests.support.servers import Data, RunningServer

SIDES = """
    source { name } target { name } sourceVersion targetVersion
    sourceCommit { sha } targetCommit { sha } commitRelation
"""
COMMITS = "commitRelation commits { totalCount nodes { sha message } }"
FILES = """
    content { files { totalCount nodes {
      path kind change before { size rows } after { size rows }
    } } }
"""
CODE = "code { unavailableReason files { totalCount nodes { path change } } }"
BUILD = "build { wouldHitCache cacheDecision { kind detail key } unavailableReason }"


def file_diff(path: str) -> str:
    return (
        f'fileDiff(path: "{path}") {{ isTruncated unavailable reason hunks {{'
        " oldStart oldLines newStart newLines"
        " lines { kind text oldNumber newNumber hasLineBreak } } }"
    )


COMPARISON = "query ($source: ID!, $target: ID!) { comparison(sourceId: $source, targetId: $target)"


def gid(environment: Environment) -> str:
    return encode_id("Environment", environment.id)


async def ask_comparison(
    server: RunningServer, source: Environment, target: Environment, selection: str
) -> Data:
    """The whole answer to a comparison, errors included."""
    query = f"{COMPARISON} {{ {selection} }} }}"
    return await server.graphql(query, source=gid(source), target=gid(target))


async def comparison_of(
    server: RunningServer, source: Environment, target: Environment, selection: str
) -> Any:
    """What a comparison that must succeed says."""
    answer = await ask_comparison(server, source, target, selection)
    assert "errors" not in answer, answer["errors"]
    return answer["data"]["comparison"]
