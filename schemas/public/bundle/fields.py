"""A schema as rows of a table: name, type with its limits, what it is."""

from markup import anchor, inline, table

LIMITS = {
    "minLength": "at least {} long",
    "maxLength": "at most {} long",
    "minimum": "from {}",
    "maximum": "to {}",
    "maxItems": "at most {}",
    "minProperties": "at least {} of its fields",
    "default": "{} if left out",
}
LARGEST = 2**53 - 1


def name_of(schema: dict) -> str:
    return schema["$ref"].rsplit("/", 1)[1]


def type_of(schema: dict) -> str:
    """The type in a few words, as HTML; named ones link to where they are told of."""
    if "$ref" in schema:
        name = name_of(schema)
        return f'<a href="#type-{anchor(name)}">{name}</a>'
    if "const" in schema:
        return f"<code>{value(schema['const'])}</code>"
    if "enum" in schema:
        return " or ".join(f"<code>{value(each)}</code>" for each in schema["enum"])
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        return " or ".join(type_of(choice) for choice in choices)
    types = schema.get("type", "any")
    if types == "array":
        return f"array of {type_of(schema['items'])}"
    return " or ".join(types) if isinstance(types, list) else types


def value(plain) -> str:
    return {True: "true", False: "false"}.get(plain, plain) if isinstance(plain, bool) else str(plain)


def limits_of(schema: dict) -> str:
    said = [
        text.format(f"{schema[key]:,}" if isinstance(schema[key], int) else schema[key])
        for key, text in LIMITS.items()
        if key in schema and schema[key] != LARGEST
    ]
    if schema.get("maximum") == LARGEST:
        said.append("below 2<sup>53</sup>")
    return ", ".join(said)


def kind_of(schema: dict) -> str:
    return "; ".join(part for part in (type_of(schema), limits_of(schema)) if part)


def about(schema: dict, named: dict) -> str:
    """What it is; of a named type what that says, if it says nothing itself."""
    said = schema.get("description") or ("$ref" in schema and named[name_of(schema)].get("description")) or ""
    return inline(said.partition("\n")[0])


def field_table(schema: dict, named: dict, leave_out=()) -> str:
    """The fields of an object, or of each of its forms."""
    if "oneOf" in schema and "properties" not in schema:
        forms = [form for form in schema["oneOf"] if "properties" in form]
        return "".join(f"<h5>{form.get('title', 'Or')}</h5>" + field_table(form, named) for form in forms)
    required = set(schema.get("required", []))
    rows = []
    for name, each in schema.get("properties", {}).items():
        if name in leave_out:
            continue
        may = "" if name in required else " <em>optional</em>"
        rows.append([f"<code>{name}</code>{may}", kind_of(each), about(each, named)])
    return table(["field", "type", ""], rows, "fields")
