"""Reads the #include lines and CMake dependencies of a tree, and says which of them break the arrows."""

import re
from pathlib import Path

from arrows import LIBRARIES, MAY_INCLUDE, ONLY_IN, PARTS

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)
TARGET = re.compile(r"parley::([a-z0-9-]+)")


def folder_of(path: str) -> str | None:
    """The folder of the house that a path in the tree belongs to: lib/core/ids.hpp -> core."""
    parts = Path(path).parts
    if parts[0] == "lib" and len(parts) > 2 and parts[1] in LIBRARIES:
        return parts[1]
    return parts[0] if parts[0] in PARTS | {"app"} else None


def target_folder(include: str) -> str | None:
    """The folder that an include names: "core/ids.hpp" -> core, "parley/v1/command.pb.h" -> schemas."""
    prefix = include.split("/")[0]
    if prefix == "parley":
        return "schemas"
    return prefix if prefix in LIBRARIES | PARTS | {"app"} else None


def exists(root: Path, include: str) -> bool:
    if target_folder(include) == "schemas":
        return (root / "schemas" / re.sub(r"(\.grpc)?\.pb\.h$", ".proto", include)).exists()
    return (root / "lib" / include).exists() or (root / include).exists()


def wrong_quoted(root: Path, path: str, include: str) -> str | None:
    here, there = folder_of(path), target_folder(include)
    if there is None:
        return f'{path}: "{include}" does not begin with the folder it is in'
    if not exists(root, include):
        return f'{path}: "{include}" is not there'
    if here != there and there not in MAY_INCLUDE[here]:
        return f'{path}: {here} may not include "{include}"'
    return None


def wrong_library(path: str, include: str) -> str | None:
    for prefix, folders in ONLY_IN.items():
        if include.startswith(prefix) and not any(path.startswith(folder) for folder in folders):
            return f"{path}: <{include}> belongs in {' and '.join(folders)} alone"
    return None


def wrong_includes(root: Path, path: str) -> list[str]:
    text = (root / path).read_text(encoding="utf-8")
    found = []
    for quoted, angled in INCLUDE.findall(text):
        found.append(wrong_library(path, quoted or angled))
        if quoted and not found[-1]:
            found.append(wrong_quoted(root, path, quoted))
    return [wrong for wrong in found if wrong]


def wrong_targets(root: Path, path: str) -> list[str]:
    here = folder_of(path)
    named = set(TARGET.findall((root / path).read_text(encoding="utf-8"))) - {here}
    return [f"{path}: {here} may not link parley::{there}" for there in sorted(named - MAY_INCLUDE[here])]


def violations(root: Path) -> list[str]:
    found = []
    for top in ["lib", "app", *sorted(PARTS)]:
        for file in sorted((root / top).rglob("*")):
            path = file.relative_to(root).as_posix()
            if folder_of(path) is None:
                continue
            if file.suffix in {".hpp", ".cpp", ".h"}:
                found += wrong_includes(root, path)
            elif file.name == "CMakeLists.txt":
                found += wrong_targets(root, path)
    return found
