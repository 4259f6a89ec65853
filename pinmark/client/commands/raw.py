"""GraphQL as it is."""

import json as json_format
import sys
from typing import Annotated, Any

import typer

from pinmark.client.commands.options import Json, Url
from pinmark.client.failures import Data, Usage


def api(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="The operation; - reads it.")],
    var: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE",
            help="A variable, as JSON or else as text; may be repeated.",
        ),
    ] = None,
    url: Url = None,
    json: Json = False,
) -> None:
    """Run one GraphQL operation and print its answer; a subscription's answers as they come.

    An answer with errors is printed too, and decides the exit code.

        pinmark api '{ viewer { name } }'

        pinmark api 'query ($app: String!) { app(name: $app) { id } }' --var app=support-triage
    """
    from pinmark.client.api import error_of
    from pinmark.client.session import open_session

    with open_session(url=url, machine=json) as session:
        text = sys.stdin.read() if query == "-" else query
        errors: list[Data] = []
        for answer in session.api.run(text, _variables(var or [])):
            if json:
                session.screen.tell(**answer)
            else:
                session.screen.say(json_format.dumps(answer, indent=2, ensure_ascii=False))
            errors += answer.get("errors") or []
        if errors:
            raise error_of(errors[0])


def _variables(given: list[str]) -> dict[str, Any]:
    variables: dict[str, Any] = {}
    for each in given:
        name, sign, value = each.partition("=")
        if not sign or not name:
            raise Usage(f"{each!r} is no variable.", hint="Give it as NAME=VALUE.")
        try:
            variables[name] = json_format.loads(value)
        except ValueError:
            variables[name] = value
    return variables
