"""What /openapi.json and /asyncapi.json say, to be held against every answer (documented_http) and every frame (documented_frames)
that a test sees.

What breaks them is gathered in `broken`, whatever thread saw it; conftest.py fails the test that it belongs to. The documents
let an object have fields that are not in them, for clients that are older than a server; here it may not.
"""

import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from jsonschema_rs import Draft202012Validator

BUNDLE = Path(__file__).resolve().parents[3] / "schemas" / "public" / "bundle"
broken = []


@cache
def documents():
    """The documents as the build makes them: name -> text. test_documents.py compares them with what is served."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-B", BUNDLE, folder], check=True, timeout=60)
        return {file.name: file.read_text(encoding="utf-8") for file in Path(folder).iterdir() if file.suffix in (".json", ".html")}


def tightened(schema):
    """The schema, with no object in it taking fields that it does not name."""
    if isinstance(schema, list):
        return [tightened(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    out = {key: each if key in ("examples", "example") else tightened(each) for key, each in schema.items()}
    if out.get("type") == "object" and isinstance(out.get("properties"), dict):
        out.setdefault("additionalProperties", False)
    return out


class Checker:
    """Compiles a document's schemas as they are needed."""

    def __init__(self, document):
        self._components = {"schemas": tightened(document["components"]["schemas"])}

    def compiled(self, schema):
        return Draft202012Validator({**tightened(schema), "components": self._components}, validate_formats=True)


def complaints(validator, value):
    return [f"{'/'.join(map(str, error.instance_path))}: {error.message}" for error in validator.iter_errors(value)][:5]
