# SPDX-License-Identifier: Apache-2.0
"""Decides how HTML and SVG are put together: every text is escaped unless it was built here."""

from __future__ import annotations

import html
from collections.abc import Iterable

VOID = frozenset({"br", "hr", "input", "link", "meta", "rect", "line", "path", "stop"})
"""Elements written without an end; those of SVG are closed in themselves."""

_SVG_VOID = frozenset({"rect", "line", "path", "stop"})


class Markup(str):
    """Text that is already HTML."""

    __slots__ = ()


Content = str | Markup | Iterable["Content"] | None
"""What can stand inside an element: text, markup, or many of them; None is nothing."""


def rendered(content: Content) -> Markup:
    """The content as HTML: plain text is escaped."""
    if content is None:
        return Markup("")
    if isinstance(content, Markup):
        return content
    if isinstance(content, str):
        return Markup(html.escape(content, quote=False))
    return Markup("".join(rendered(part) for part in content))


def tag(name: str, /, *content: Content, **attributes: str | int | float | bool | None) -> Markup:
    """An element. ``class_`` stands for class, ``aria_label`` for aria-label; None and False are left out."""
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in VOID:
        return Markup(f"<{name}{written}/>" if name in _SVG_VOID else f"<{name}{written}>")
    return Markup(f"<{name}{written}>{rendered(content)}</{name}>")


def _attribute(key: str, value: str | int | float | bool | None) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    name = {"viewbox": "viewBox", "preserveaspectratio": "preserveAspectRatio"}.get(name, name)
    name = {"patternunits": "patternUnits", "patterntransform": "patternTransform"}.get(name, name)
    if value is True:
        return f" {name}"
    text = f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    return f' {name}="{html.escape(text)}"'


def joined(separator: str, parts: Iterable[Content]) -> Markup:
    """Parts with a text between them."""
    return Markup(html.escape(separator, quote=False).join(rendered(part) for part in parts))
