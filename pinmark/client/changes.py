"""A comparison in words: what a promotion would change."""

from collections.abc import Iterator

from pinmark.client.api import Api
from pinmark.client.documents import COMPARISON
from pinmark.client.failures import Data, NotFound
from pinmark.client.words import first_line

SIGNS = {"ADDED": "+", "CHANGED": "~", "REMOVED": "-"}
KINDS = {
    "PROMPT": "Prompts",
    "COMPONENT": "Components",
    "DATASET": "Datasets",
    "SCHEMA": "Schemas",
    "CONFIGURATION": "Configuration",
}


def compare(api: Api, source: Data, target: Data) -> Data:
    found = api.ask(COMPARISON, source=source["id"], target=target["id"])["comparison"]
    if found is None:
        names = f"{source['name']} and {target['name']}"
        raise NotFound(f"{names} cannot be compared.", code="NOT_FOUND")
    return found


def describe(comparison: Data) -> Iterator[str]:
    """The summary, then every commit and file that is listed."""
    yield summary(comparison)
    if comparison["commits"] is not None:
        sign = "-" if comparison["commitRelation"] == "BEHIND" else "+"
        for commit in comparison["commits"]["nodes"]:
            yield f"  {sign} {commit['shortSha']} {first_line(commit['message'])}"
    yield from _files("Content", comparison["content"]["files"])
    code = comparison["code"]
    if code["files"] is None:
        yield f"Code: {code['unavailableReason'] or 'nothing to compare'}"
    else:
        yield from _files("Code", code["files"])
    yield _build(comparison["build"])


def summary(comparison: Data) -> str:
    source, target = comparison["source"], comparison["target"]
    old, new = comparison["targetCommit"], comparison["sourceCommit"]
    ends = f"{source['name']} ({source['pinLabel']}) → {target['name']} ({target['pinLabel']})"
    if new is None:
        return f"{ends}: nothing to promote yet"
    commits = f"{'nothing' if old is None else old['shortSha']} → {new['shortSha']}"
    counts = [_count(each) for each in comparison["content"]["counts"]]
    changed = " · ".join(each for each in counts if each) or "no content differs"
    return f"{ends}: commit {commits}; {changed}"


def _count(count: Data) -> str:
    parts = (("+", count["added"]), ("~", count["changed"]), ("-", count["removed"]))
    told = " ".join(f"{sign}{number}" for sign, number in parts if number)
    return f"{KINDS.get(count['kind'], count['kind'])} {told}" if told else ""


def _files(title: str, files: Data) -> Iterator[str]:
    if files["totalCount"] == 0:
        return
    yield f"{title}:"
    for file in files["nodes"]:
        yield f"  {SIGNS[file['change']]} {file['path']}"
    left = files["totalCount"] - len(files["nodes"])
    if left:
        yield f"  … and {left} more"


def _build(build: Data) -> str:
    if build["wouldHitCache"] is None:
        return f"Build: {build['unavailableReason']}"
    if build["wouldHitCache"]:
        return "Build: a kept one is used"
    decision = build["cacheDecision"]
    why = decision["kind"].lower().replace("_", " ")
    return f"Build: anew ({why}{'' if decision['detail'] is None else ': ' + decision['detail']})"
