"""Promises of GraphQL over HTTP."""

from tests.support.promises.asking import ANSWERED, SESSION, VIEWER, Promise, Server, code_of

GRAPHQL_JSON = "application/graphql-response+json"
ELSEWHERE = "https://elsewhere.example"


async def an_answer_has_the_media_type_that_was_asked_for(server: Server) -> None:
    answer = await server.post({"query": VIEWER}, Accept=GRAPHQL_JSON)
    assert answer.headers["content-type"].startswith(GRAPHQL_JSON)


async def a_document_that_is_no_graphql_is_a_bad_request_without_data(server: Server) -> None:
    answer = await server.post({"query": "{"}, Accept=GRAPHQL_JSON)
    assert code_of(answer, 400) == "GRAPHQL_PARSE_FAILED"


async def a_document_that_is_not_valid_is_a_bad_request_without_data(server: Server) -> None:
    answer = await server.post({"query": "{ viewer { password } }"}, Accept=GRAPHQL_JSON)
    assert code_of(answer, 400) == "BAD_USER_INPUT"


async def a_batch_is_a_bad_request_that_says_so(server: Server) -> None:
    assert code_of(await server.post([{"query": VIEWER}]), 400) == "BAD_REQUEST"


async def null_is_a_bad_request(server: Server) -> None:
    assert code_of(await server.post(b"null"), 400) == "BAD_REQUEST"


async def a_number_of_five_thousand_digits_is_a_bad_request(server: Server) -> None:
    assert code_of(await server.post(b'{"query": ' + b"9" * 5000 + b"}"), 400) == "BAD_REQUEST"


async def json_that_is_nested_without_end_is_a_bad_request(server: Server) -> None:
    body = b'{"query": "{ viewer { name } }", "variables": ' + b'{"a":' * 100_000
    assert code_of(await server.post(body + b"1" + b"}" * 100_001), 400) == "BAD_REQUEST"


async def a_query_that_is_no_text_is_a_bad_request(server: Server) -> None:
    assert code_of(await server.post({"query": ["a"]}), 400) == "BAD_REQUEST"


async def another_content_type_is_unsupported(server: Server) -> None:
    answer = await server.post({"query": VIEWER}, Content_Type="text/plain")
    assert code_of(answer, 415) == "UNSUPPORTED_MEDIA_TYPE"


async def a_stranger_is_turned_away_before_anything_is_read(server: Server) -> None:
    for body in (b"not JSON", b"\xff" * 100, b"[" * 100_000, b"x" * 3_000_000, b""):
        assert code_of(await server.post(body, Authorization=""), 401) == "UNAUTHENTICATED"


async def a_link_runs_nothing(server: Server) -> None:
    shown = {"Authorization": f"Bearer {server.token}"}
    answer = await server.client.get("/graphql", params={"query": VIEWER}, headers=shown)
    assert code_of(answer, 405) == "METHOD_NOT_ALLOWED"


async def a_session_is_of_no_use_to_another_page(server: Server) -> None:
    theirs = {"Cookie": f"{SESSION}={server.session}", "Authorization": "", "Origin": ELSEWHERE}
    assert code_of(await server.post({"query": VIEWER}, **theirs), 403) == "CROSS_ORIGIN"
    ours = theirs | {"Origin": server.base}
    assert (await server.post({"query": VIEWER}, **ours)).json()["data"] == ANSWERED


async def a_name_that_is_not_the_servers_is_refused(server: Server) -> None:
    answer = await server.post({"query": VIEWER}, Host="rebound.example")
    assert code_of(answer, 421) == "MISDIRECTED"


OVER_HTTP: tuple[Promise, ...] = (
    an_answer_has_the_media_type_that_was_asked_for,
    a_document_that_is_no_graphql_is_a_bad_request_without_data,
    a_document_that_is_not_valid_is_a_bad_request_without_data,
    a_batch_is_a_bad_request_that_says_so,
    null_is_a_bad_request,
    a_number_of_five_thousand_digits_is_a_bad_request,
    json_that_is_nested_without_end_is_a_bad_request,
    a_query_that_is_no_text_is_a_bad_request,
    another_content_type_is_unsupported,
    a_stranger_is_turned_away_before_anything_is_read,
    a_link_runs_nothing,
    a_session_is_of_no_use_to_another_page,
    a_name_that_is_not_the_servers_is_refused,
)
