"""The functions of a plan as Python text: ``pinmark explain`` shows it.

Source: the GraphQL specification, "Executing Selection Sets" (ExecuteSelectionSet, in its order)
and "Executing Fields" (ExecuteField). One function answers one selection set of one object type.
The leaf that a field ought to have is taken as it is; anything else goes the general way.
"""

# graphql-core leaves the parameters of its generic types open:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLString,
)
from strawberry.schema.types.base_scalars import isoformat

from pinmark.execution.awaiting import PLAIN
from pinmark.execution.completion import CAST
from pinmark.execution.fields import Chosen, Field, Leaf, Selection
from pinmark.execution.planning import names_of
from pinmark.execution.resolving import Attribute, Method, TypeName, Wrapped

SAME: dict[Any, str] = {
    GraphQLString: "value.__class__ is not str",
    GraphQLID: "value.__class__ is not str",
    GraphQLBoolean: "value.__class__ is not bool",
    GraphQLInt: "value.__class__ is not int or not -2147483648 <= value <= 2147483647",
    GraphQLFloat: "value.__class__ is not float or value - value != 0.0",
}
"""When a value of these types is not what the answer holds: infinities differ from themselves."""


class SourceText:
    """Writes the functions, and keeps the objects that they name."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {"PLAIN": PLAIN}
        self._lines: list[str] = []

    def add(self, selection: Selection, *, serial: bool = False) -> None:
        """The function of a selection set; with ``serial`` its fields wait for each other."""
        lines = self._serial(selection) if serial else self._parallel(selection)
        self._lines.extend(lines)

    def __str__(self) -> str:
        return "\n".join(self._lines)

    def _parallel(self, selection: Selection) -> Iterator[str]:
        """ExecuteSelectionSet, "normally": whatever has to be awaited is awaited at the end."""
        yield f"def {selection.name}(run, source, path):"
        yield "    answer, waiting = {}, []"
        yield "    try:"
        for field in selection.fields:
            yield from (f"        {line}" for line in self._field(field))
        yield "        return gather_fields(answer, waiting) if waiting else answer"
        yield "    except Exception:"
        yield "        run.abandon(answer[name] for name in waiting)"
        yield "        raise"
        yield ""
        yield ""

    def _serial(self, selection: Selection) -> Iterator[str]:
        """ExecuteSelectionSet, "serially": a mutation's fields, each after the one before."""
        yield f"async def {selection.name}(run, source, path):"
        yield "    answer, waiting = {}, []"
        for field in selection.fields:
            yield from (f"    {line}" for line in self._field(field))
            yield "    if waiting:"
            yield f"        answer[{field.response_name!r}] = await value"
            yield "        waiting.clear()"
        yield "    return answer"
        yield ""
        yield ""

    def _field(self, field: Field) -> Iterator[str]:
        """ExecuteField: resolve, complete, and put null in its place if that fails."""
        if isinstance(field.way, TypeName):
            yield f"answer[{field.response_name!r}] = {field.parent_type.name!r}"
            return
        known = self._name(f"F{field.number}", field)
        yield f"try:  # {field.name}: {field.type}"
        if isinstance(field.way, Method) and field.way.is_async:
            if field.definition.args:
                yield f"    run.arguments({known})"
            resolving = f"lambda: {self._resolve(field, known)}"
            yield f"    value = awaited_field(run, {known}, {resolving}, path)"
            yield f"    waiting.append({field.response_name!r})"
        else:
            yield f"    value = {self._resolve(field, known)}"
            yield from (f"    {line}" for line in self._complete(field, known))
        yield "except Exception as error:"
        yield f"    value = run.field_failed({known}, error, path)"
        yield f"answer[{field.response_name!r}] = value"

    def _resolve(self, field: Field, known: str) -> str:
        """ResolveFieldValue."""
        function = f"resolve_{field.parent_type.name}_{field.name}"
        match field.way:
            case Attribute(name=name):
                return f"source.{name}"
            case Method() as way:
                self._name(function, way.function)
                return f"{function}({', '.join(self._given(field, known, way))})"
            case Wrapped(resolve=resolve):
                self._name(function, resolve)
                arguments = f", **run.arguments({known})" if field.definition.args else ""
                return f"{function}(source, ResolveInfo(run, {known}, path){arguments})"
            case TypeName():
                return repr(field.parent_type.name)

    def _given(self, field: Field, known: str, way: Method) -> Iterator[str]:
        if way.takes_source:
            yield "source"
        for name in way.source_names:
            yield f"{name}=source"
        if way.info_name is not None:
            yield f"{way.info_name}=run.info({known}, path)"
        if field.definition.args:
            yield f"**run.converted({known}, path)"

    def _complete(self, field: Field, known: str) -> Iterator[str]:
        """CompleteValue: quickly for a leaf that is as it should be."""
        general = f"value = complete_field(run, {known}, value, path, waiting)"
        if isinstance(field.shape, Chosen) and field.shape.certain is not None:
            yield from self._answer(field, known, field.shape)
            yield f"    {general}"
            return
        if not isinstance(field.shape, Leaf):
            yield general
            return
        leaf = field.shape.type
        unlike = SAME.get(leaf)
        enum = names_of(leaf) if isinstance(leaf, GraphQLEnumType) else None
        if unlike is not None:
            yield f"if {unlike}:"
            yield f"    {general}"
        elif enum is not None:
            cls = self._name(f"enum_{leaf.name}", enum[0])
            names = self._name(f"enum_{leaf.name}_names", enum[1])
            yield f"if value.__class__ is {cls}:"
            yield f"    value = {names}[value]"
            yield "else:"
            yield f"    {general}"
        elif leaf.coerce_output_value is isoformat:
            yield f"if value.__class__ is {self._name('datetime', datetime)}:"
            yield "    value = value.isoformat()"
            yield "else:"
            yield f"    {general}"
        else:
            write = self._name(f"write_{leaf.name}", field.shape.write)
            yield "if value.__class__ in PLAIN:"
            yield f"    value = {write}(value)"
            yield "else:"
            yield f"    {general}"

    def _answer(self, field: Field, known: str, shape: Chosen) -> Iterator[str]:
        """CompleteValue of an object that is of its type without any doubt."""
        cls = self._name(f"class_{shape.type.name}", shape.certain)
        yield f"if value.__class__ is {cls} and not hasattr(value, {CAST!r}):"
        yield f"    value = {shape.selection.name}(run, value, (path, {known}))"
        yield "    if value.__class__ is not dict:"
        yield f"        value = guarded(run, {known}, {known}.shape, value, (path, {known}))"
        yield f"        waiting.append({field.response_name!r})"
        yield "else:"

    def _name(self, name: str, meant: Any) -> str:
        self.names.setdefault(name, meant)
        return name
