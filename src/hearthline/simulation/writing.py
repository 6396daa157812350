# SPDX-License-Identifier: Apache-2.0
"""Decides how entries of a package are written as YAML that the reader of packages reads back unchanged."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import yaml
from pydantic import BaseModel


class FormulaWords(str):
    """A formula: written as a block, so that every character of it has a place of its own."""

    __slots__ = ()


class _Writer(yaml.SafeDumper):
    """Writes exact numbers as plain digits and repeats nothing by reference."""

    def ignore_aliases(self, data: object) -> bool:
        """The reader refuses aliases."""
        return True


def _plain(writer: yaml.SafeDumper, value: Decimal) -> yaml.Node:
    text = f"{value:f}"
    tag = "tag:yaml.org,2002:float" if "." in text else "tag:yaml.org,2002:int"
    return writer.represent_scalar(tag, text)


def _share(writer: yaml.SafeDumper, value: Fraction) -> yaml.Node:
    return writer.represent_scalar("tag:yaml.org,2002:str", str(value), style="'")


def _formula(writer: yaml.SafeDumper, value: FormulaWords) -> yaml.Node:
    return writer.represent_scalar("tag:yaml.org,2002:str", str(value).strip("\n") + "\n", style="|")


_Writer.add_representer(Decimal, _plain)
_Writer.add_representer(Fraction, _share)
_Writer.add_representer(FormulaWords, _formula)


def entry_of(model: BaseModel, **changed: object) -> dict[str, object]:
    """An entry as its file would hold it, with some of its keys changed; None takes a key out."""
    entry = model.model_dump(by_alias=True, exclude_none=True) | changed
    for key in ("formula", "good"):
        if key in entry:
            entry[key] = FormulaWords(entry[key])
    return {key: value for key, value in entry.items() if value is not None}


def yaml_of(content: Mapping[str, object]) -> bytes:
    """A file of a package."""
    text: str = yaml.dump(dict(content), Dumper=_Writer, allow_unicode=True, sort_keys=False, width=10**6)
    return text.encode("utf-8")
