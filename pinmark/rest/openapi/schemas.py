"""JSON schemas of the models, as clients had better read them."""

from typing import Any, cast

REFERENCE = "#/components/schemas/{model}"
TITLE = "title"


def reference(model: type) -> dict[str, str]:
    return {"$ref": REFERENCE.format(model=model.__name__)}


def named_after_models(schemas: dict[str, Any]) -> dict[str, Any]:
    """The schemas under their models' names, which for generic ones are not those of the keys."""
    names = {key: schema[TITLE] for key, schema in schemas.items()}
    assert len(set(names.values())) == len(names)
    links = {REFERENCE.format(model=key): REFERENCE.format(model=names[key]) for key in names}
    return {names[key]: _told(schema, links) for key, schema in schemas.items()}


def _told(schema: Any, links: dict[str, str]) -> Any:
    """A schema that leads to the new names, without titles that only repeat a field's own."""
    match schema:
        case dict():
            fields = cast(dict[str, Any], schema)
            return {
                name: _told(value, links)
                for name, value in fields.items()
                if not (name == TITLE and isinstance(value, str))
            }
        case list():
            return [_told(each, links) for each in cast(list[Any], schema)]
        case str():
            return links.get(schema, schema)
        case _:
            return schema


def without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a parameter, which is there or is not, but is never null."""
    schema = {name: value for name, value in schema.items() if name not in {TITLE, "default"}}
    choices: list[dict[str, Any]] = schema.pop("anyOf", [])
    kept = [each for each in choices if each.get("type") != "null"]
    return schema | kept[0] if len(kept) == 1 else schema | ({"anyOf": kept} if kept else {})
