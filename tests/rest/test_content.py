"""Raw bytes of files: whole, in part, and not again when the client has them."""

from hashlib import sha256
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pinmark.rest.ranges import wanted_part
from tests.support.reading import FIRST, LARGE, OTHERS, SECOND, ReadingPlace, error_of

PROMPT_PATH = "/v1/content/agentmark/triage.prompt.mdx"
LARGE_PATH = "/v1/content/agentmark/large.jsonl"
WITH_A_FIXTURE = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)


def bytes_of(path: str) -> bytes:
    content = FIRST[path]
    assert content is not None
    return content


async def test_every_content_file_is_served_byte_for_byte(place: ReadingPlace) -> None:
    served = [path for path in FIRST if path.startswith("agentmark")]
    assert len(served) == 11
    for path in served:
        response = await place.get(f"/v1/content/{path}")
        content = bytes_of(path)
        assert (response.status_code, response.content) == (200, content), path
        assert response.headers["etag"] == f'"{sha256(content).hexdigest()}"'
        assert response.headers["content-length"] == str(len(content))
        assert response.headers["pinmark-version"] == "1"
        assert response.headers["cache-control"] == "private, no-cache"
        assert response.headers["x-content-type-options"] == "nosniff"
    for path in ("README.md", "handlers/notes.txt", "agentmark", "agentmark/absent.mdx"):
        assert error_of(await place.get(f"/v1/content/{path}")) == (404, "not_found")


async def test_a_file_says_what_it_is_and_is_nothing_to_show(place: ReadingPlace) -> None:
    types = {
        "agentmark/triage.prompt.mdx": "text/mdx; charset=utf-8",
        "agentmark/components/tone.mdx": "text/mdx; charset=utf-8",
        "agentmark/components/plain.md": "text/markdown; charset=utf-8",
        "agentmark/tickets.jsonl": "application/x-ndjson",
        "agentmark/schemas/ticket.json": "application/json",
        "agentmark.json": "application/json",
    }
    for path, media_type in types.items():
        response = await place.get(f"/v1/content/{path}")
        assert response.headers["content-type"] == media_type
        name = path.rpartition("/")[2]
        assert response.headers["content-disposition"] == f"attachment; filename*=UTF-8''{name}"
    as_bytes = await place.get(PROMPT_PATH, Accept="application/octet-stream")
    assert as_bytes.headers["content-type"] == "application/octet-stream"
    assert error_of(await place.get(PROMPT_PATH, Accept="image/png")) == (406, "not_acceptable")


@pytest.mark.parametrize("path", [PROMPT_PATH, LARGE_PATH])
async def test_a_client_that_has_the_bytes_is_not_sent_them_again(
    place: ReadingPlace, path: str
) -> None:
    etag = (await place.get(path)).headers["etag"]
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        for method in ("GET", "HEAD"):
            response = await place.get(path, method=method, If_None_Match=known, Range="bytes=0-1")
            assert (response.status_code, response.content) == (304, b"")
            assert response.headers["etag"] == etag
            assert response.headers["pinmark-version"] == "1"
    assert (await place.get(path, If_None_Match='"other"')).status_code == 200


@pytest.mark.parametrize("path", [PROMPT_PATH, LARGE_PATH])
async def test_a_head_says_what_a_get_would_send(place: ReadingPlace, path: str) -> None:
    whole = await place.get(path)
    head = await place.get(path, method="HEAD", Range="bytes=0-1")
    assert (head.status_code, head.content) == (200, b"")
    skipped = {"date", "x-request-id"}
    assert {name: text for name, text in head.headers.items() if name not in skipped} == {
        name: text for name, text in whole.headers.items() if name not in skipped
    }
    assert whole.headers["accept-ranges"] == "bytes"


async def check_range(place: ReadingPlace, path: str, value: str) -> None:
    content = LARGE if path == LARGE_PATH else bytes_of(path.removeprefix("/v1/content/"))
    response = await place.get(path, Range=value)
    part = wanted_part(response.request.headers, "", len(content))  # pyright: ignore[reportArgumentType]  # its headers have the same methods
    size = len(content)
    if part is None:
        assert (response.status_code, response.content) == (200, content)
    elif part.start == part.end:
        assert error_of(response) == (416, "range_not_satisfiable")
        assert response.headers["content-range"] == f"bytes */{size}"
    else:
        assert (response.status_code, response.content) == (206, content[part.start : part.end])
        range_sent = f"bytes {part.start}-{part.end - 1}/{size}"
        assert response.headers["content-range"] == range_sent


@WITH_A_FIXTURE
@given(
    first=st.integers(0, 250) | st.none(),
    last=st.integers(0, 250) | st.none(),
    path=st.sampled_from([PROMPT_PATH, LARGE_PATH, "/v1/content/agentmark/empty.jsonl"]),
)
async def test_any_range_is_the_slice_of_the_file(
    place: ReadingPlace, first: int | None, last: int | None, path: str
) -> None:
    scale = 50_000 if path == LARGE_PATH else 1
    start, end = ("" if each is None else str(each * scale) for each in (first, last))
    await check_range(place, path, f"bytes={start}-{end}")


@WITH_A_FIXTURE
@given(value=st.text(st.characters(min_codepoint=32, max_codepoint=126)))
async def test_any_range_header_is_answered(place: ReadingPlace, value: str) -> None:
    await check_range(place, PROMPT_PATH, f"bytes={value}".strip())
    await check_range(place, PROMPT_PATH, value.strip())


async def test_a_range_holds_only_for_the_bytes_it_was_meant_for(place: ReadingPlace) -> None:
    etag = (await place.get(PROMPT_PATH)).headers["etag"]
    assert (await place.get(PROMPT_PATH, Range="bytes=0-1", If_Range=etag)).status_code == 206
    for other in ('"other"', f"W/{etag}"):
        whole = await place.get(PROMPT_PATH, Range="bytes=0-1", If_Range=other)
        assert whole.status_code == 200


async def test_a_path_that_is_none_is_told_so(place: ReadingPlace) -> None:
    for path in ("", "a//b", "a%00b", "a%5Cb", "%2e%2e/agentmark.json", "x" * 5000):
        response = await place.get(f"/v1/content/{path}")
        assert error_of(response) == (400, "invalid_path_params"), path
        assert list(response.json()["error"]["details"]) == ["path"]


@WITH_A_FIXTURE
@given(
    path=st.text(max_size=60)
    | st.sampled_from([*OTHERS, *SECOND, "../other", "%2e%2e/%2e%2e/etc/passwd", "..;/x", "//x"])
)
async def test_any_path_is_answered_and_never_with_the_bytes_of_another_environment(
    place: ReadingPlace, path: str
) -> None:
    quoted = quote(path, safe="", errors="replace")
    asked = (
        f"/v1/content/{quoted}",
        f"/v1/templates?path={quoted}",
        f"/v1/templates?path={quoted}.mdx&promptKind={quoted}",
        f"/v1/datasets?path={quoted}.jsonl&limit={quoted}",
    )
    for url in asked:
        response = await place.get(url)
        assert response.status_code < 500, url
        assert response.headers["x-request-id"]
        if response.status_code == 200:
            assert response.content == FIRST.get(path)
        else:
            assert set(response.json()["error"]) >= {"code", "message"}
            assert "secret" not in str(response.json()["error"].get("suggestions"))


async def test_over_graphql_a_large_file_has_no_text_but_its_rows_are_counted(
    place: ReadingPlace,
) -> None:
    query = """{ environment(app: "triage", name: "staging") {
      file(path: "agentmark/large.jsonl") { content rowCount size }
    } }"""
    answer = await place.server.data(query)
    assert answer["environment"]["file"] == {
        "content": None,
        "rowCount": 18_000,
        "size": len(LARGE),
    }
