"""The documents as C++, for the executable."""

import hashlib

HEAD = """// Made by schemas/public/bundle; not to be edited.
#include "api/documents.hpp"

namespace parley::api {
"""


def literal(text: str) -> str:
    """Adjacent string literals, one a line of the text: all but plain ASCII as octal escapes, which end after three digits."""
    return "\n".join(f'    "{"".join(escaped(byte) for byte in line)}"' for line in text.encode().splitlines(keepends=True))


def escaped(byte: int) -> str:
    char = chr(byte)
    return char if 0x20 <= byte < 0x7F and char not in '"\\?' else f"\\{byte:03o}"


def etag(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def document(function: str, content_type: str, text: str) -> str:
    return f"""
const Document& {function}() {{
  static constexpr char kBody[] =
{literal(text)};
  static constexpr Document kDocument{{
      .content_type = "{content_type}", .etag = "\\"{etag(text)}\\"", .body = {{kBody, sizeof kBody - 1}}}};
  return kDocument;
}}
"""


def cpp(texts: dict[str, str]) -> str:
    parts = [
        document("openapi", "application/json", texts["openapi.json"]),
        document("asyncapi", "application/json", texts["asyncapi.json"]),
        document("docs_page", "text/html; charset=utf-8", texts["docs.html"]),
    ]
    return HEAD + "".join(parts) + "\n}  // namespace parley::api\n"
