"""What a document may look like, whatever it costs to answer.

Validation compares whatever stands for the same field in an answer pair by pair, and looks at each
directive and each chain of fragments; a kilobyte of them keeps it busy for seconds.
"""

from collections.abc import Iterator
from functools import lru_cache

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
    Visitor,
    visit,
)

MAXIMUM_FRAGMENTS = 100
MAXIMUM_DIRECTIVES = 50
MAXIMUM_REPETITIONS = 20
CACHED_DOCUMENTS = 1000

Fragments = dict[str, FragmentDefinitionNode]
Spreads = dict[str, set[str]]
"""The fragments that are spread in each fragment, by name."""


def check_fragments(document: DocumentNode) -> None:
    """Raise for more fragments than may be, or for one without end: whoever walks a document by its
    fragments, validation too, would walk for ever or nearly so.
    """
    _raise(_problem_of_fragments(document))


def check_shape(document: DocumentNode) -> None:
    """Raise for a document that is laborious to validate. It is walked whole, with its fragments
    spread out, which only what was weighed before should be.
    """
    _raise(_problem_of_shape(document))


def _raise(problem: str | None) -> None:
    if problem is not None:
        raise GraphQLError(problem)


@lru_cache(maxsize=CACHED_DOCUMENTS)
def _problem_of_fragments(document: DocumentNode) -> str | None:
    fragments = fragments_of(document)
    if len(fragments) > MAXIMUM_FRAGMENTS:  # they may be one chain, which is walked in depth
        return f"The document has more than {MAXIMUM_FRAGMENTS} fragments."
    spreads = {name: _spreads_in(each.selection_set) for name, each in fragments.items()}
    missing = _missing(document, spreads)
    if missing is not None:  # who measures the depth takes every fragment to be there
        return f"There is no fragment '{missing}'."
    endless = _endless(spreads)
    return None if endless is None else f"The fragment '{endless}' spreads itself."


@lru_cache(maxsize=CACHED_DOCUMENTS)
def _problem_of_shape(document: DocumentNode) -> str | None:
    if count_directives(document) > MAXIMUM_DIRECTIVES:
        return f"The document has more than {MAXIMUM_DIRECTIVES} directives."
    repeated = repeated_field(document)
    if repeated is None:
        return None
    return (
        f"The document has '{repeated}' more than {MAXIMUM_REPETITIONS} times in one place; "
        "once is enough."
    )


def fragments_of(document: DocumentNode) -> Fragments:
    """The document's fragments by name."""
    return {
        definition.name.value: definition
        for definition in document.definitions
        if isinstance(definition, FragmentDefinitionNode)
    }


def _missing(document: DocumentNode, spreads: Spreads) -> str | None:
    """A fragment that is spread and not defined."""
    spread = set[str]().union(*spreads.values())
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            spread |= _spreads_in(definition.selection_set)
    return min(spread - spreads.keys(), default=None)


def _endless(spreads: Spreads) -> str | None:
    """A fragment that is spread within itself, or within one that is."""
    left = dict(spreads)
    while left:
        ending = [name for name, spread in left.items() if not spread & left.keys()]
        if not ending:
            return min(left)
        for name in ending:
            del left[name]
    return None


def _spreads_in(selections: SelectionSetNode) -> set[str]:
    """The names of the fragments that are spread there, at whatever depth."""
    found: set[str] = set()
    left = [selections]
    while left:
        for selection in left.pop().selections:
            match selection:
                case FragmentSpreadNode(name=name):
                    found.add(name.value)
                case FieldNode(selection_set=SelectionSetNode() as below):
                    left.append(below)
                case InlineFragmentNode(selection_set=below):
                    left.append(below)
                case _:
                    pass
    return found


def count_directives(document: DocumentNode) -> int:
    class Counting(Visitor):
        count = 0

        def enter_directive(self, *_: object) -> None:
            self.count += 1

    counting = Counting()
    visit(document, counting)
    return counting.count


def repeated_field(document: DocumentNode) -> str | None:
    """A field that stands too often for one in an answer, fragments spread out; None if none does.

    What stands below a field counts together with what stands below its repetitions. A fragment is
    spread once in each place, as it is when the document is run.
    """
    fragments = fragments_of(document)
    places: list[list[SelectionSetNode]] = [
        [definition.selection_set]
        for definition in document.definitions
        if isinstance(definition, OperationDefinitionNode | FragmentDefinitionNode)
    ]
    while places:
        below: dict[str, list[SelectionSetNode]] = {}
        counts: dict[str, int] = {}
        for field in _fields(places.pop(), fragments):
            name = (field.alias or field.name).value
            counts[name] = counts.get(name, 0) + 1
            if counts[name] > MAXIMUM_REPETITIONS:
                return name
            if field.selection_set is not None:
                below.setdefault(name, []).append(field.selection_set)
        places += below.values()
    return None


def _fields(place: list[SelectionSetNode], fragments: Fragments) -> Iterator[FieldNode]:
    spread: set[str] = set()
    left: list[Node] = [node for selections in place for node in selections.selections]
    while left:
        match left.pop():
            case FieldNode() as field:
                yield field
            case InlineFragmentNode(selection_set=selections):
                left += selections.selections
            case FragmentSpreadNode(name=name) if name.value not in spread:
                spread.add(name.value)
                if name.value in fragments:
                    left += fragments[name.value].selection_set.selections
            case _:
                pass
