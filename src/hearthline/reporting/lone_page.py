# SPDX-License-Identifier: Apache-2.0
"""Decides the frame of a page that is a file of its own: no network, no script and no other file."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources

from hearthline.reporting.markup import Content, Markup, tag

HTML_LANGUAGE = {"en": "en", "zh": "zh-Hans"}


def lone_page(title: str, content: Content, language: str) -> str:
    """The page as text."""
    style = style_sheet()
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_content_policy(style)),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("meta", name="robots", content="noindex"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", title),
        tag("style", Markup(style)),
    )
    body = tag("body", tag("div", content, class_="page"))
    return f"<!DOCTYPE html>\n{tag('html', head, body, lang=HTML_LANGUAGE[language])}\n"


def style_sheet() -> str:
    """The style sheet beside this module."""
    return resources.files("hearthline.reporting").joinpath("report.css").read_text(encoding="utf-8")


def _content_policy(style: str) -> str:
    """Nothing may be loaded or run; only this style sheet, known by its hash."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
