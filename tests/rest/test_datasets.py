"""Datasets: all rows as they lie in the file, a page of them, and the list."""

import orjson
import pytest

from tests.support.reading import FIRST, LARGE, ROWS, ReadingPlace, error_of

NDJSON = "application/x-ndjson"


@pytest.mark.parametrize("endpoint", ["datasets", "templates"])
async def test_rows_stream_one_json_a_line_exactly_as_in_the_file(
    place: ReadingPlace, endpoint: str
) -> None:
    for path, rows in (("support/rows.jsonl", ROWS), ("large.jsonl", LARGE), ("empty.jsonl", b"")):
        response = await place.get(f"/v1/{endpoint}?path={path}", Accept=NDJSON)
        assert response.headers["content-type"] == NDJSON
        assert response.headers["pinmark-version"] == "1"
        assert response.content == rows


async def test_a_page_of_rows_says_how_many_there_are(place: ReadingPlace) -> None:
    for endpoint in ("datasets", "templates"):
        path = f"/v1/{endpoint}?path=support/rows.jsonl"
        first = (await place.get(path)).json()
        assert [row["input"]["number"] for row in first["data"]] == list(range(50))
        assert first["pagination"] == {"total": 120, "limit": 50, "offset": 0}
        last = (await place.get(f"{path}&limit=1000&offset=100")).json()
        assert [row["input"]["number"] for row in last["data"]] == list(range(100, 120))
        past = (await place.get(f"{path}&offset=2147483647")).json()
        assert (past["data"], past["pagination"]["total"]) == ([], 120)


async def test_a_page_deep_in_a_large_dataset_is_that_page(place: ReadingPlace) -> None:
    page = (await place.get("/v1/datasets?path=large.jsonl&limit=2&offset=17990")).json()
    lines = LARGE.splitlines()
    assert page["data"] == [orjson.loads(line) for line in lines[17990:17992]]
    assert page["pagination"]["total"] == len(lines)


async def test_without_a_path_datasets_are_listed_with_their_rows(place: ReadingPlace) -> None:
    listed = (await place.get("/v1/datasets")).json()
    assert [(each["path"], each["rows"]) for each in listed["data"]] == [
        ("empty.jsonl", 0),
        ("large.jsonl", 18_000),
        ("support/rows.jsonl", 120),
        ("tickets.jsonl", 1),
    ]
    assert listed["pagination"] == {"total": 4, "limit": 50, "offset": 0}
    assert listed["data"][2]["size"] == len(FIRST["agentmark/support/rows.jsonl"] or b"")
    page = (await place.get("/v1/datasets?limit=1&offset=3")).json()
    assert [each["path"] for each in page["data"]] == ["tickets.jsonl"]


async def test_a_client_gets_the_form_it_prefers_or_is_told_which_there_are(
    place: ReadingPlace,
) -> None:
    path = "/v1/datasets?path=tickets.jsonl"

    async def form(accept: str) -> str:
        return (await place.get(path, Accept=accept)).headers["content-type"]

    assert await form("*/*") == "application/json"
    assert await form("application/json, application/x-ndjson") == "application/json"
    assert await form("application/json;q=0.5, application/x-ndjson") == NDJSON
    assert await form("application/*, application/json;q=0") == NDJSON
    refused = await place.get(path, Accept="text/html")
    assert error_of(refused) == (406, "not_acceptable")
    for other in ("/v1/templates", "/v1/config", "/v1/templates?path=triage.prompt.mdx"):
        assert error_of(await place.get(other, Accept="text/html;q=1")) == (406, "not_acceptable")


async def test_a_dataset_is_no_prompt(place: ReadingPlace) -> None:
    response = await place.get("/v1/templates?path=tickets.jsonl&promptKind=text")
    assert error_of(response) == (400, "invalid_query_params")
    response = await place.get("/v1/datasets?path=triage.prompt.mdx")
    assert error_of(response) == (400, "invalid_query_params")
