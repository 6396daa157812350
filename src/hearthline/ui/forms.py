# SPDX-License-Identifier: Apache-2.0
"""Decides how a form is shown: label, hint and error beside each control, and a summary of errors on top."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.forms import (
    BaseForm,
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    Field,
    FileInput,
    RadioSelect,
    Select,
    Widget,
)
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext


@dataclass(frozen=True)
class ErrorLine:
    """One error and the control it speaks of."""

    text: str
    target: str


def error_lines(form: BaseForm) -> list[ErrorLine]:
    """Every error of a form, those of the whole form first."""
    if not form.is_bound:
        return []
    lines = [ErrorLine(str(text), "") for text in form.non_field_errors()]
    for bound in form:
        lines += [
            ErrorLine(gettext("%(name)s: %(value)s") % {"name": bound.label, "value": text}, _target(bound))
            for text in bound.errors
        ]
    return lines


def fields(form: BaseForm) -> Iterator[SafeString]:
    """The visible fields of a form, ready to stand in it, after its hidden ones."""
    for hidden in form.hidden_fields():
        yield mark_safe(str(hidden))
    for bound in form.visible_fields():
        yield field(bound)


def field(bound: BoundField) -> SafeString:
    """One field: label, hint, error, control."""
    widget = bound.field.widget
    group = isinstance(widget, RadioSelect | CheckboxSelectMultiple)
    described = [f"{bound.auto_id}_hint"] if bound.help_text else []
    described += [f"{bound.auto_id}_error"] if bound.errors else []
    # the class of a group would stand on its frame as well as on its choices
    style = f"{_style(widget)} {widget.attrs.get('class', '')}".strip()
    attributes: dict[str, str | bool] = {} if group else {"class": style}
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if bound.errors and not group:
        attributes["aria-invalid"] = "true"
    return mark_safe(
        render_to_string(
            "ui/parts/field.html",
            {
                "field": bound,
                "control": bound.as_widget(attrs=attributes),
                "group": group,
                "tick": isinstance(widget, CheckboxInput),
                "optional": not bound.field.required
                and not isinstance(widget, CheckboxInput)
                and not is_of_many(bound.field),
            },
        )
    )


def is_of_many(field: Field) -> bool:
    """Whether a field is one of a great many alike, none of which is needed."""
    return bool(getattr(field, "of_many", False))


def _style(widget: Widget) -> str:
    if isinstance(widget, CheckboxInput):
        return "form-check-input"
    if isinstance(widget, Select):
        return "form-select"
    return "form-control file" if isinstance(widget, FileInput) else "form-control"


def _target(bound: BoundField) -> str:
    """The id a link jumps to: of a group, its first choice."""
    group = isinstance(bound.field.widget, RadioSelect | CheckboxSelectMultiple)
    return f"{bound.auto_id}_0" if group else bound.auto_id
