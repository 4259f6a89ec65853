"""JSON schemas of the models, as clients had better read them."""

from typing import Any, cast

REFERENCE = "#/components/schemas/{model}"
TITLE = "title"


def reference(model: type) -> dict[str, str]:
    return {"$ref": REFERENCE.format(model=model.__name__)}


def told_in_full(schema: Any) -> Any:
    """A schema without the titles that only repeat a field's name."""
    match schema:
        case dict():
            fields = cast(dict[str, Any], schema)
            return {
                name: told_in_full(value)
                for name, value in fields.items()
                if not (name == TITLE and isinstance(value, str))
            }
        case list():
            return [told_in_full(each) for each in cast(list[Any], schema)]
        case _:
            return schema


def without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a parameter, which is there or is not, but is never null."""
    schema = {name: value for name, value in schema.items() if name not in {TITLE, "default"}}
    choices: list[dict[str, Any]] = schema.pop("anyOf", [])
    kept = [each for each in choices if each.get("type") != "null"]
    return schema | kept[0] if len(kept) == 1 else schema | ({"anyOf": kept} if kept else {})
