"""Which fields an operation asks for below another, to read what they need with it."""

from collections import OrderedDict
from typing import Any, cast

from graphql import FieldNode, FragmentSpreadNode, Node, SelectionSetNode

from schema.context import Info

KEPT = 1000


def asks_below(info: Info) -> frozenset[str]:
    """The names of all fields below the one that is being resolved, in whatever depth.

    They may be more than are answered: `@skip` is passed over. Strawberry's own way to tell would
    make objects of all that is below, for each field anew.
    """
    raw = cast(Any, info._raw_info)  # pyright: ignore[reportPrivateUsage, reportUnknownMemberType]
    first = raw.field_nodes[0]
    key = id(first)  # of a node that is kept with it, so nothing else has the same
    known = _known.get(key)
    if known is None:
        names: set[str] = set()
        for node in raw.field_nodes:
            _gather(node.selection_set, raw.fragments, names, set())
        known = _known[key] = (first, frozenset(names))
        if len(_known) > KEPT:
            _known.popitem(last=False)
    return known[1]


_known: OrderedDict[int, tuple[Node, frozenset[str]]] = OrderedDict()


def _gather(
    selections: SelectionSetNode | None, fragments: Any, names: set[str], spread: set[str]
) -> None:
    for selection in () if selections is None else selections.selections:
        if isinstance(selection, FragmentSpreadNode):
            name = selection.name.value
            if name not in spread:
                spread.add(name)
                _gather(fragments[name].selection_set, fragments, names, spread)
            continue
        if isinstance(selection, FieldNode):
            names.add(selection.name.value)
        _gather(getattr(selection, "selection_set", None), fragments, names, spread)
