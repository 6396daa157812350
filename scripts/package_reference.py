# SPDX-License-Identifier: Apache-2.0
"""Decides the reference page of the package format and its JSON Schema, from the models that check packages.

``python -m scripts.package_reference`` writes both; a test says whether they are current. The examples
on the page are the files of a real package beside it, which a test loads.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Final, Literal, Union, get_args, get_origin

from pydantic import BaseModel, RootModel
from pydantic.fields import FieldInfo
from pydantic.json_schema import models_json_schema

from hearthline.engine.packages.schema import FILE_KINDS, FileKind
from hearthline.engine.packages.schema.fields import (
    NAME_PATTERN,
    Formula,
    Number,
    Part,
    Removal,
    Share,
    SingleValue,
)

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "docs" / "reference" / "package-format.md"
SCHEMA: Final = ROOT / "docs" / "reference" / "package.schema.json"
EXAMPLE: Final = ROOT / "docs" / "reference" / "example" / "hills" / "2020"
LAYER_EXAMPLE: Final = EXAMPLE.parent / "north-2020"
TITLES: Final = {
    "manifest": "package.toml",
    "facts": "Facts",
    "parameters": "Parameters",
    "lookups": "Lookup tables",
    "rules": "Rules",
    "causes": "Causes",
    "series": "Published figures",
    "scores": "Scores",
    "scenarios": "Scenarios",
}
TEXTS: Final = ROOT / "scripts" / "package_format"
"""What the models cannot say: Markdown that opens the page, explains each kind of file, and closes it."""


def page() -> str:
    """The whole page."""
    parts = [_text("opening")]
    for kind in FILE_KINDS:
        parts += [f"## {TITLES[kind.name]}", f"`{kind.pattern}` — {_doc(kind.model)}"]
        parts += [text] if (text := _text(kind.name)) else []
        parts += [table for model in _models(kind.model) for table in _table(model, kind)]
        parts += [_example(EXAMPLE, kind)]
    parts += [_text("layers"), _layer_example(), _text("closing")]
    return "\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n"


def schema() -> str:
    """The JSON Schema of every kind of file, for editors: one definition for each."""
    _, definitions = models_json_schema(
        [(kind.model, "validation") for kind in FILE_KINDS], title="Files of a Hearthline policy package"
    )
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": definitions.pop("title"),
        "description": "Point an editor at #/$defs/FactsFile for facts/*.yaml, and so on.",
        "anyOf": [{"$ref": f"#/$defs/{kind.model.__name__}"} for kind in FILE_KINDS],
        **definitions,
    }
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def _text(name: str) -> str:
    file = TEXTS / f"{name}.txt"
    return file.read_text(encoding="utf-8") if file.exists() else ""


def _doc(model: type[BaseModel]) -> str:
    """The docstring of a model without the file's name, which the page gives itself."""
    text = " ".join((model.__doc__ or "").split())
    for start in ("Files ", "The file "):
        if text.startswith(start):
            _, _, rest = text.partition("`: " if "`: " in text else "`. ")
            return rest[:1].upper() + rest[1:]
    return text


def _example(folder: Path, kind: FileKind) -> str:
    file = next(iter(sorted(folder.glob(kind.pattern))))
    language = file.suffix.removeprefix(".")
    lines = file.read_text(encoding="utf-8").splitlines()
    body = "\n".join(line for line in lines if "SPDX" not in line)
    return f"Example:\n\n```{language}\n{body}\n```"


def _layer_example() -> str:
    texts = []
    for kind in FILE_KINDS:
        if any(LAYER_EXAMPLE.glob(kind.pattern)):
            texts.append(_example(LAYER_EXAMPLE, kind).replace("Example:", f"`{kind.pattern}`:"))
    return "\n\n".join(texts)


def _models(model: type[BaseModel]) -> Iterator[type[Part]]:
    """The models a file is made of, each before those within it."""
    seen: list[type[Part]] = []

    def visit(shape: object) -> None:
        if isinstance(shape, type) and issubclass(shape, RootModel):
            visit(shape.model_fields["root"].annotation)
        elif isinstance(shape, type) and issubclass(shape, Part):
            if shape not in seen and shape is not Removal:
                seen.append(shape)
                for field in shape.model_fields.values():
                    visit(field.annotation)
        else:
            for part in get_args(shape):
                visit(part)

    visit(model)
    return iter(seen)


def _table(model: type[Part], kind: FileKind) -> Iterator[str]:
    """One table of keys; the file's own model stands under the heading of the file."""
    if model is not kind.model:
        noun = model.noun.removeprefix("a ").removeprefix("an ").removeprefix("the ")
        yield f"### {noun[:1].upper()}{noun[1:]}"
        yield _doc(model)
    rows = ["| key | value | needed | meaning |", "|---|---|---|---|"]
    for name, field in model.model_fields.items():
        needed = "yes" if field.is_required() else ""
        meaning = " ".join((field.description or "").split()).replace("|", "\\|")
        rows.append(f"| `{field.alias or name}` | {_words(_shape(field))} | {needed} | {meaning} |")
    yield "\n".join(rows)


def _shape(field: FieldInfo) -> object:
    """The annotation with what pydantic has moved out of it."""
    return Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation


_NAMED: Final[dict[str, str]] = {
    "str": "text",
    "bool": "`true` or `false`",
    "int": "whole number",
    "date": "date",
    "object": "anything",
}
_SPECIAL: Final = (
    (Formula, "formula"),
    (Number, "number"),
    (Share, "exact share"),
    (SingleValue, "single value"),
)


def _words(shape: object) -> str:
    """A type in words."""
    for special, words in _SPECIAL:
        if get_args(shape)[:2] == get_args(special)[:2]:
            return words
    origin, arguments = get_origin(shape), get_args(shape)
    if origin is Annotated:
        text = _words(arguments[0])
        return "name" if text == "text" and NAME_PATTERN in repr(arguments) else text
    if origin is Literal:
        return " or ".join(f"`{'true' if choice is True else choice}`" for choice in arguments)
    if origin in (Union, UnionType):
        members = [each for each in arguments if each is not NoneType]
        kinds = " or ".join(dict.fromkeys(_words(each) for each in members))
        return kinds.replace("text or text", "text, or text")
    if origin is list:
        return f"list of {_words(arguments[0])}"
    if origin is dict:
        return _mapping(arguments[1])
    if isinstance(shape, type) and issubclass(shape, Part):
        return "`remove: true`" if shape is Removal else shape.noun
    return _NAMED.get(getattr(shape, "__name__", ""), "number" if "Decimal" in repr(shape) else "value")


def _mapping(value: object) -> str:
    words = _words(value)
    return "text in each language" if words == "text" else f"for each name: {words}"


def main() -> None:
    """Write the page and the schema where they are not current."""
    for path, text in ((PAGE, page()), (SCHEMA, schema())):
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"Wrote {path.relative_to(ROOT)}.", file=sys.stderr)


if __name__ == "__main__":
    main()
