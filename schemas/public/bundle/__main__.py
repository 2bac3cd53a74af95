"""Makes the documents of the public contract. Usage: python3 schemas/public/bundle FOLDER

Writes into FOLDER openapi.json, asyncapi.json and docs.html, and documents.cpp, which is all three for the executable.
"""

import json
import sys
from pathlib import Path

from asyncapi import AsyncApi
from embed import cpp
from openapi import OpenApi
from page import page


def text_of(document: dict) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def main(folder: Path):
    http, websocket = OpenApi().document(), AsyncApi().document()
    texts = {"openapi.json": text_of(http), "asyncapi.json": text_of(websocket), "docs.html": page(http, websocket)}
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in [*texts.items(), ("documents.cpp", cpp(texts))]:
        (folder / name).write_text(text, encoding="utf-8")


main(Path(sys.argv[1]))
