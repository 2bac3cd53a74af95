"""The YAML of schemas/public, and its shorthands written out: see schemas/README.md."""

from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]


def load(path: str) -> dict:
    tree = yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))
    for key in keys(tree):
        # In {braces} a comma ends a text that has no quotes, and what follows is a key.
        assert " " not in str(key), f"{path}: is {key!r} a text that lacks its quotes?"
    return tree


def keys(tree):
    if isinstance(tree, dict):
        yield from tree
    for each in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else []:
        yield from keys(each)


def ref(name: str) -> dict:
    return {"$ref": f"#/components/schemas/{name}"}


def schema(given, closed=False):
    """A schema as JSON Schema has it: references and examples in full, `required` what is not `optional`."""
    if not isinstance(given, dict):
        return given
    out = {}
    for key, value in given.items():
        if key == "$ref" and not value.startswith("#"):
            out.update(ref(value))
        elif key == "example":
            out["examples"] = [value]
        elif key in ("properties", "additionalProperties") and isinstance(value, dict):
            out[key] = {k: schema(v, closed) for k, v in value.items()} if key == "properties" else schema(value, closed)
        elif key == "items":
            out[key] = schema(value, closed)
        elif key in ("oneOf", "anyOf", "allOf"):
            out[key] = [schema(each, closed) for each in value]
        elif key != "optional":
            out[key] = value
    if "properties" in given and "$ref" not in given:
        out["type"] = "object"
        if required := [name for name in given["properties"] if name not in given.get("optional", [])]:
            out["required"] = required
        if closed:
            out["additionalProperties"] = False
    return out


def schemas(given: dict, closed=False) -> dict:
    return {name: schema(each, closed) for name, each in given.items()}


def errors() -> dict:
    return load("errors.yaml")


def error_schemas() -> dict:
    codes = errors()["codes"]
    lines = [f"- `{code}` ({of['status']}): {of['means']}" for code, of in codes.items()]
    return {
        "ErrorCode": {
            "type": "string",
            "enum": list(codes),
            "description": "Stable.\n\n" + "\n".join(lines),
            "examples": ["not_found"],
        },
    }


def example_of(given: dict, named: dict):
    """An example of a schema: its own, or one put together from its parts'."""
    if given.get("examples"):
        return given["examples"][0]
    if "$ref" in given:
        return example_of(named[given["$ref"].rsplit("/", 1)[1]], named)
    for key in ("const", "default"):
        if key in given:
            return given[key]
    if "enum" in given:
        return given["enum"][0]
    if choices := given.get("oneOf") or given.get("anyOf"):
        return example_of(choices[0], named)
    if given.get("type") == "array":
        return [example_of(given["items"], named)]
    if given.get("type") == "object":
        usual = {name: each for name, each in given.get("properties", {}).items() if not each.get("x-seldom")}
        return {name: example_of(each, named) for name, each in usual.items()}
    return {"integer": 1, "boolean": True}.get(given.get("type"), "…")
