"""What the rules say of somebody who asks for something somewhere."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

SERVED, ABSENT = "served", "absent"
WORD = re.compile(r"([a-z_.|]+)(?:@(\w+))?([?!~^])(own)?")
NOTHING_MORE = frozenset({"known", "own", "parent", "public", "subject"})


@dataclass(frozen=True)
class Place:
    """Where something is: an environment of an app, in the organization, or one's own."""

    app: str | None = None
    environment: str | None = None
    own: bool = False


ORGANIZATION = Place()
ONES_OWN = Place(own=True)


@dataclass(frozen=True)
class Holder:
    """Who asks, and what they hold by the rules.

    ``in_apps`` holds instead of ``everywhere`` where it says something; ``key_of`` is the app and
    environment of an API key.
    """

    name: str
    everywhere: frozenset[str] = frozenset()
    in_apps: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    key_of: tuple[str, str] | None = None

    def holds(self, permission: str, place: Place, scope: str) -> bool:
        if self.key_of is not None:
            app, environment = self.key_of
            if scope == "organization" or place.app != app or scope == "pair":
                return False
            if scope == "environment" and place.environment != environment:
                return False
            return permission in self.everywhere
        if scope == "organization" or place.app is None:
            return permission in self.everywhere
        return permission in self.in_apps.get(place.app, self.everywhere)

    def sees(self, place: Place) -> bool:
        """Whether the environment is there for them."""
        shows_its_key = self.key_of == (place.app, place.environment)
        return shows_its_key or self.holds("environment.read", place, "app")


def judge(holder: Holder, rule: str, place: Place) -> str:
    """``served``, ``absent``, or the permission that the refusal names."""
    for word in rule.split():
        if word in NOTHING_MORE:
            continue
        if word == "own?":
            if not place.own:
                return ABSENT
            continue
        found = _judge_word(holder, word, place)
        if found != SERVED:
            return found
    return SERVED


def _judge_word(holder: Holder, word: str, place: Place) -> str:
    matched = WORD.fullmatch(word)
    assert matched is not None, word
    names, scope, end, own = matched.groups()
    permissions = names.split("|")
    if own and place.own:
        return SERVED
    if any(holder.holds(each, place, scope or "app") for each in permissions):
        return SERVED
    if end == "^" and not holder.holds("app.read", place, "app"):
        return ABSENT if holder.holds(names, place, "organization") else names
    if end in "!^" or (end == "~" and holder.sees(place)):
        return permissions[0]
    return ABSENT


def without_scopes(rule: str) -> list[str]:
    """A rule as a field can declare it: where a permission counts is not said there."""
    return ["own" if word == "own?" else word for word in re.sub(r"@\w+", "", rule).split()]
