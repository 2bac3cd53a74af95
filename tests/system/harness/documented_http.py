"""Answers of HTTP, held against /openapi.json."""

import json
import re
from functools import cache

from harness.contract import Checker, broken, complaints, documents


class Http:
    def __init__(self):
        self.document = json.loads(documents()["openapi.json"])
        self._checker = Checker(self.document)
        self._patterns = [(re.compile(re.sub(r"{\w+}", "[^/]+", path) + r"\Z"), path) for path in self.document["paths"]]
        self._patterns.sort(key=lambda entry: entry[1].count("{"))  # /v1/users/me is not /v1/users/{user_id}
        self._compiled = {}

    def path_of(self, target):
        path = target.split("?")[0]
        return next((template for pattern, template in self._patterns if pattern.match(path)), None)

    def check(self, method, target, status, headers, body):
        """What the answer breaks of the document, as sentences."""
        content_type = headers.get("content-type", "")
        if content_type == "text/html" or (method == "OPTIONS" and status == 204):
            return []  # an edge's own answer; a preflight
        path = self.path_of(target)
        operations = self.document["paths"].get(path, {})
        operation = operations.get("get" if method == "HEAD" else method.lower())
        if operation is None:
            return self._of_no_operation(status, headers, body, known=bool(operations))
        answer = operation["responses"].get(str(status))
        if answer is None:
            return [f"status {status} is not among {sorted(operation['responses'])}"]
        if "$ref" in answer:
            answer = self.document["components"]["responses"][answer["$ref"].rsplit("/", 1)[1]]
        return self._headers(answer, headers) + self._body(path, method, status, answer, content_type, body)

    def _of_no_operation(self, status, headers, body, known):
        wanted = {True: {400, 403, 405}, False: {400, 403, 404}}[known] | {413, 426, 429, 431, 503}
        if status not in wanted or (status == 405 and "allow" not in headers):
            return [f"status {status} for what is no operation"]
        return complaints(self._validator("problem", {"$ref": "#/components/schemas/Problem"}), json.loads(body)) if body else []

    def _headers(self, answer, headers):
        found = []
        for name, given in answer.get("headers", {}).items():
            value = headers.get(name.lower())
            if value is None:
                found += [f"the header {name} is missing"] if given["required"] else []
            else:
                found += [f"header {name} {each}" for each in complaints(self._validator(f"header {name}", given["schema"]), value)]
        return found

    def _body(self, path, method, status, answer, content_type, body):
        content = answer.get("content", {})
        if not body:
            return [] if not content or method == "HEAD" else ["the body is missing"]
        if content_type not in content:
            return [f"the content type {content_type!r} is not among {list(content)}"]
        if not content_type.endswith("json"):
            return []
        name = (path, method, status)
        return complaints(self._validator(name, content[content_type]["schema"]), json.loads(body))

    def _validator(self, name, schema):
        if name not in self._compiled:
            self._compiled[name] = self._checker.compiled(schema)
        return self._compiled[name]


http = cache(Http)


def saw_answer(method, target, status, headers, body):
    for complaint in http().check(method, target, status, {name.lower(): value for name, value in headers.items()}, body):
        broken.append(f"{method} {target} → {status}: {complaint}; {body[:500]!r}")
