"""Asking a server for many things at once, and reading from the answer who was served what.

What the rules say is not there is asked for apart, in a document that is sent twice: with the ids
of things that are there, and with those of nothing. The two answers have to be the same bytes.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

import httpx2

from tests.support.access.callers import Caller
from tests.support.access.judging import ABSENT, ORGANIZATION, SERVED, Place, judge
from tests.support.access.paths import Path
from tests.support.access.rules import NODES
from tests.support.access.world import AccessWorld

AT_ONCE = 40
"""Fields of one document; the server allows fifty aliases."""
NAMED = re.compile(r"This needs the permission ([a-z_.]+)\.")
SPARE = "EnvironmentVariable spare"
UNLIKE = {"date", "x-request-id"}
"""Headers that are another in every answer."""


@dataclass(frozen=True)
class Ask:
    """A root field of an operation, what is selected of it, and the cells that this answers.

    ``text`` names the ids that it takes as ``<Type>``, with a word more where there are several
    of a type. Each cell is a path from the root field; what the paths take is ``rule``, and what
    the root field takes of it ``seen``.
    """

    operation: str
    text: str
    place: Place
    rule: str
    seen: str
    paths: tuple[Path, ...] = ((),)

    @property
    def things(self) -> list[str]:
        return re.findall(r"<([A-Za-z ]+)>", self.text)

    @property
    def is_page(self) -> bool:
        return "{ nodes" in self.text

    def document(self, alias: str) -> str:
        tree: dict[str, Any] = {}
        for path in self.paths:
            branch = tree
            for step in path:
                branch = branch.setdefault(step.text, {})
            if path and path[-1].leads_on:
                branch.setdefault("__typename", {})
        text = re.sub(r"<([A-Za-z ]+)>", lambda found: f"${variable(found[1])}", self.text)
        return f"{alias}: {text.replace('{…}', _written(tree))}"


def variable(thing: str) -> str:
    return thing.replace(" ", "_")


def _written(tree: Mapping[str, Any]) -> str:
    inside = (text + (f" {_written(branch)}" if branch else "") for text, branch in tree.items())
    return f"{{ __typename {' '.join(inside)} }}"


@dataclass
class Tally:
    """What the answers were, cell by cell, and which of them are not what the rules say."""

    cells: int = 0
    wrong: list[str] = field(default_factory=list[str])

    def note(self, caller: Caller, cell: str, expected: str, found: str) -> None:
        self.cells += 1
        if expected != found:
            self.wrong.append(f"{caller.name}: {cell}: {found}, by the rules {expected}")


@dataclass
class Asker:
    """One caller at the world's server."""

    world: AccessWorld
    caller: Caller
    tally: Tally
    _spare: UUID | None = None

    async def ask(self, asks: Sequence[Ask]) -> None:
        """Ask for everything; twice for what should not be there, by an id of it and of nothing."""
        for group in _groups(asks):
            self._spare = await self._spare_for(group)
            answer = await self._send(group, there=True)
            self._read(group, answer.json())
            hidden = self._judge(group[0], group[0].seen) == ABSENT
            if hidden and group[0].things:
                self._compare(group, answer, await self._send(group, there=False))

    async def _spare_for(self, asks: Sequence[Ask]) -> UUID | None:
        """A variable to be deleted, where that will be done."""
        deleting = [ask for ask in asks if SPARE in ask.things]
        done = deleting and self._judge(deleting[0], deleting[0].rule) == SERVED
        return await self.world.spare_variable(deleting[0].place) if done else None

    def _judge(self, ask: Ask, rule: str) -> str:
        return judge(self.caller.holder, rule, ask.place)

    async def _send(self, asks: Sequence[Ask], *, there: bool) -> httpx2.Response:
        variables, declared = self._variables(asks, there=there)
        fields = " ".join(ask.document(f"a{number}") for number, ask in enumerate(asks))
        head = f"{asks[0].operation} ({declared})" if declared else asks[0].operation
        response = await self.world.server.client.post(
            "/graphql",
            json={"query": f"{head} {{ {fields} }}", "variables": variables},
            headers={"Authorization": f"Bearer {self.caller.token}"},
        )
        assert response.status_code == 200, response.text
        assert "data" in response.json(), response.text
        return response

    def _variables(self, asks: Sequence[Ask], *, there: bool) -> tuple[dict[str, str], str]:
        place = asks[0].place
        values, declared = dict[str, str](), list[str]()
        for thing in sorted({each for ask in asks for each in ask.things}):
            name = variable(thing)
            if thing.startswith("name of"):
                values[name] = self._name(place, thing) if there else "no-such-name"
            else:
                values[name] = self._id(place, thing, there=there)
            declared.append(f"${name}: {'String' if thing.startswith('name of') else 'ID'}!")
        if any("$moment" in ask.document("a") for ask in asks):
            values["moment"] = self.world.moment
            declared.append("$moment: DateTime!")
        return values, ", ".join(declared)

    def _name(self, place: Place, thing: str) -> str:
        return str(place.app if thing == "name of App" else place.environment)

    def _id(self, place: Place, thing: str, *, there: bool) -> str:
        if thing == SPARE and there and self._spare is not None:
            return self.world.encode(thing, self._spare)
        if place.own and thing in self.caller.own and there:
            return self.world.encode(thing, self.caller.own[thing])
        return self.world.id(place, thing, there=there or self._sees_member(thing))

    def _sees_member(self, thing: str) -> bool:
        """Members stay who they are where it is the app beside them that is hidden."""
        seen = judge(self.caller.holder, NODES["Member"], ORGANIZATION) == SERVED
        return thing == "Member active" and seen

    def _read(self, asks: Sequence[Ask], answer: dict[str, Any]) -> None:
        for number, ask in enumerate(asks):
            alias, expected = f"a{number}", self._judge(ask, ask.rule)
            errors = [each for each in answer.get("errors", ()) if each["path"][0] == alias]
            for path in ask.paths:
                found = _found(answer["data"] or {}, errors, alias, ask, path)
                self.tally.note(self.caller, cell_of(ask, path), expected, found)

    def _compare(
        self, asks: Sequence[Ask], there: httpx2.Response, absent: httpx2.Response
    ) -> None:
        if comparable(there) != comparable(absent):
            names = ", ".join(cell_of(ask, ask.paths[0]) for ask in asks)
            self.tally.wrong.append(
                f"{self.caller.name}: foreign and absent differ among {names}:"
                f" {there.text} and {absent.text}"
            )


def _groups(asks: Sequence[Ask]) -> Iterator[list[Ask]]:
    """What is sent in one document, the same for everybody: what takes the same to be seen.

    A page at the root is never null, so its refusal is the whole answer's: it is sent alone.
    """
    groups: dict[Any, list[Ask]] = defaultdict(list)
    for ask in asks:
        together = ask.text if ask.is_page else ask.seen
        groups[ask.operation, ask.place, together].append(ask)
    for group in groups.values():
        for start in range(0, len(group), AT_ONCE):
            yield group[start : start + AT_ONCE]


def cell_of(ask: Ask, path: Path) -> str:
    where = (
        "one's own" if ask.place.own else f"{ask.place.app or '-'}/{ask.place.environment or '-'}"
    )
    steps = " > ".join(step.name for step in path)
    return f"{ask.text.split('{')[0].strip()} {steps} at {where}"


def comparable(response: httpx2.Response) -> tuple[int, dict[str, str], bytes]:
    """All of an answer that could tell one from another."""
    headers = {name: value for name, value in response.headers.items() if name not in UNLIKE}
    return response.status_code, headers, response.content


def _found(
    data: dict[str, Any], errors: Sequence[dict[str, Any]], alias: str, ask: Ask, path: Path
) -> str:
    way = [alias, *(step.field for step in path)]
    for error in errors:
        passed = [each for each in error["path"] if isinstance(each, str)]
        if passed == way[: len(passed)]:
            return _refused(error)
    if ask.operation == "mutation":
        return _answered(data[alias])
    return _walked(data[alias], ask, path)


def _refused(error: dict[str, Any]) -> str:
    match error["extensions"]["code"]:
        case "PERMISSION_DENIED":
            named = NAMED.fullmatch(error["message"])
            assert named is not None, error
            return named[1]
        case "NOT_FOUND":
            return ABSENT
        case code:
            return f"{code}: {error['message']}"


def _answered(result: dict[str, Any]) -> str:
    """An act that was refused for another reason than who asked would have been done."""
    match result["__typename"]:
        case "PermissionDeniedError":
            return result["permission"]
        case "NotFoundError":
            return ABSENT
        case _:
            return SERVED


def _walked(value: Any, ask: Ask, path: Path) -> str:
    """Served if the way was open; a null is nothing to tell, unless it stands for a refusal."""
    if ask.is_page:
        return _listed(value["nodes"], ask)
    value = _inside(value)
    if value is None:
        return ABSENT
    for step in path:
        if not step.leads_on or value is None:
            return SERVED
        value = _inside(value[step.field])
        if value is None and "?" in step.rule:
            return ABSENT
    return SERVED


def _listed(nodes: list[dict[str, Any]], ask: Ask) -> str:
    """Whether a list has what it could: the place's app among apps, anything elsewhere."""
    names = {node.get("name") for node in nodes}
    return SERVED if nodes and names & {None, ask.place.app} else ABSENT


def _inside(value: Any) -> Any:
    """The first of a list."""
    if not isinstance(value, list):
        return value
    items = cast(list[Any], value)
    return items[0] if items else None
