# SPDX-License-Identifier: Apache-2.0
"""Decides the components that every template has without loading them.

docs/reference/components.md shows each of them.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.template import Context
from django.template.base import NodeList, Parser, Token
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from hearthline.engine.rules.reasons import Reason
from hearthline.ui import badges, charts, forms, reasons, wording
from hearthline.ui.parts import Bars, Line, Series, Shares, Step, Tab, Task, Words
from hearthline.ui.tables import Page

register = template.Library()

register.filter("money", wording.money)
register.filter("amount", wording.amount)
register.filter("number", wording.number)
register.filter("share", wording.share)
register.filter("day", wording.day)
register.filter("short_day", wording.short_day)
register.filter("moment", wording.moment)
register.filter("yes_no", wording.yes_no)
register.filter("anything", wording.anything)

register.simple_tag(badges.badge, name="badge")
register.simple_tag(badges.status, name="status")
register.simple_tag(badges.answer, name="answer")
register.simple_tag(badges.state, name="state")


@register.simple_tag
def table(page: Page) -> SafeString:
    """A list: filters, count, rows, pages, files."""
    return mark_safe(render_to_string("ui/parts/table.html", {"page": page, "table": page.table}))


@register.inclusion_tag("ui/parts/figure.html")
def figure(
    value: object, label: object, href: str = "", note: object = "", tone: str = ""
) -> Mapping[str, Any]:
    """A figure with what it counts; with an address it opens."""
    return {"value": value, "label": label, "href": href, "note": note, "tone": tone}


@register.simple_tag
def facts(lines: Iterable[Line]) -> SafeString:
    """Labels and values, each with its source; in Python, because a page may hold a hundred."""
    return mark_safe(f'<dl class="facts">{"".join(map(_line, lines))}</dl>')


def _line(line: Line) -> str:
    value = line.value if isinstance(line.value, str) and line.value else wording.anything(line.value)
    shown = f'<a href="{_kept(line.href)}">{_escaped(value)}</a>' if line.href else _escaped(value)
    note = f'<span class="fact-note">{_kept(line.note)}</span>' if line.note else ""
    return f"<div><dt>{_kept(line.label)}</dt><dd>{shown}{note}</dd></div>"


def _kept(words: Words) -> str:
    """Labels, sources and addresses, which come again and again: escaped once. Never a value of a person."""
    return _escaped_once(words) if type(words) is str else _escaped(str(words))


_escaped_once = lru_cache(maxsize=4096)(html.escape)


@register.simple_tag
def links(steps: Sequence[Step]) -> SafeString:
    """Links in a row, as a sentence lists them."""
    found = [f'<a href="{_escaped(step.href)}">{_kept(step.label)}</a>' for step in steps]
    return mark_safe(_escaped(gettext("; ")).join(found))


def _escaped(text: str) -> str:
    """As ``conditional_escape``, which asks of every text whether it may be lazy."""
    return text if isinstance(text, SafeString) else html.escape(text)


@register.inclusion_tag("ui/parts/tabs.html")
def tabs(items: Sequence[Tab], label: object = "") -> Mapping[str, Any]:
    """Views of the same thing, as links."""
    return {"items": items, "label": label}


@register.inclusion_tag("ui/parts/tasks.html")
def tasks(items: Sequence[Task]) -> Mapping[str, Any]:
    """Things to do, each with its state."""
    return {"items": items}


@register.inclusion_tag("ui/parts/trail.html")
def trail(steps: Sequence[Step]) -> Mapping[str, Any]:
    """The places from the top to this page."""
    return {"steps": steps}


@register.inclusion_tag("ui/parts/empty.html")
def empty(words: object, href: str = "", label: object = "") -> Mapping[str, Any]:
    """What stands where there is nothing, and what one can do about it."""
    return {"words": words, "href": href, "label": label}


@register.inclusion_tag("ui/parts/progress.html", takes_context=True)
def progress(context: Context, job: object, href: str = "") -> Mapping[str, Any]:
    """How far a job is; it renews itself, or by a link. ``href`` is where its result opens."""
    return {"job": job, "href": href, "here": context.get("here", "")}


@register.inclusion_tag("ui/parts/bars.html")
def bars(chart: Bars, name: str = "bars") -> Mapping[str, Any]:
    """Bars in a table: label, bar, figure. ``name`` is unique in the page."""
    drawings = charts.bar_drawings(chart, name)
    rows = [(item, mark_safe(drawing)) for item, drawing in zip(chart.items, drawings, strict=True)]
    return {"chart": chart, "rows": rows, "name": name, "doubt": any(item.doubt for item in chart.items)}


@register.inclusion_tag("ui/parts/shares.html")
def shares(chart: Shares, name: str = "shares") -> Mapping[str, Any]:
    """A whole divided into parts, with its legend as a table."""
    whole = sum(part.value for part in chart.parts)
    rows = [
        (part, mark_safe(charts.swatch(part.style, f"{name}-{place}")), part.value / whole if whole else None)
        for place, part in enumerate(chart.parts)
    ]
    return {
        "chart": chart,
        "rows": rows,
        "drawing": mark_safe(charts.shares_drawing(chart, name)),
        "name": name,
    }


@register.inclusion_tag("ui/parts/series.html")
def series(chart: Series, name: str = "series") -> Mapping[str, Any]:
    """Columns over periods, with their table."""
    legend = [
        (label, mark_safe(charts.swatch(style, f"{name}-{style}")))
        for label, style in zip(chart.names, chart.styles, strict=False)
    ]
    rows = [
        (point, point.words or [wording.number(value, 0) for value in point.values]) for point in chart.points
    ]
    drawing = mark_safe(charts.series_drawing(chart, name))
    return {"chart": chart, "rows": rows, "legend": legend, "drawing": drawing, "name": name}


@register.simple_tag(name="reasons")
def reasons_tag(tree: Iterable[Reason], open_depth: int = reasons.OPEN_DEPTH) -> SafeString:
    """The reasons of an answer, as a tree that opens."""
    return reasons.reasons_tree(tree, open_depth=open_depth)


@register.inclusion_tag("ui/parts/errors.html")
def errors(form: BaseForm) -> Mapping[str, Any]:
    """The summary of what is wrong, each line a link to its field."""
    return {"lines": forms.error_lines(form)}


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """One field: label, hint, error, control."""
    return forms.field(bound)


@register.simple_tag(takes_context=True)
def form(
    context: Context,
    form: BaseForm,
    submit: object = "",
    cancel: str = "",
    action: str = "",
    tone: str = "primary",
) -> SafeString:
    """A whole form by POST: summary of errors, fields, button; with ``cancel``, a way back."""
    values = {"form": form, "submit": submit, "cancel": cancel, "action": action, "tone": tone}
    return _part(context, "form", values | {"lines": forms.error_lines(form), "fields": forms.fields(form)})


@register.simple_tag(takes_context=True)
def confirm(
    context: Context, action: str, submit: object, cancel: str = "", tone: str = "danger"
) -> SafeString:
    """A button that changes something: a form of its own by POST."""
    return _part(context, "confirm", {"action": action, "submit": submit, "cancel": cancel, "tone": tone})


@register.tag
def notice(parser: Parser, token: Token) -> _Notice:
    """``{% notice "warning" %}…{% endnotice %}``: a sentence that must not be overlooked."""
    _name, *rest = token.split_contents()
    content = parser.parse(("endnotice",))
    parser.delete_first_token()
    return _Notice(parser.compile_filter(rest[0]) if rest else None, content)


class _Notice(template.Node):
    def __init__(self, tone: template.base.FilterExpression | None, nodelist: NodeList) -> None:
        self.tone = tone
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        tone = self.tone.resolve(context) if self.tone else "note"
        return mark_safe(
            render_to_string(
                "ui/parts/notice.html", {"tone": tone, "content": mark_safe(self.nodelist.render(context))}
            )
        )


def _part(context: Context, name: str, values: Mapping[str, Any]) -> SafeString:
    """A component that needs the request, for the token of its form."""
    return mark_safe(render_to_string(f"ui/parts/{name}.html", dict(values), request=context.get("request")))
