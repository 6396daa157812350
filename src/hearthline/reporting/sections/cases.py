# SPDX-License-Identifier: Apache-2.0
"""Decides the sixth section: a few households with the whole of their reasons."""

from __future__ import annotations

from hearthline.reporting.inputs import ReasonLine, WorkedHousehold
from hearthline.reporting.markup import Content, Markup, tag
from hearthline.reporting.parts import Edition, paragraph

_MARKS = {
    True: ("✓", "yes"),
    False: ("✗", "no"),
    None: ("?", "open"),
}


def cases(edition: Edition) -> Markup | None:
    """The households given, each with its reasons and what would change the answer."""
    if not edition.report.worked:
        return None
    say = edition.say
    return edition.section(
        "worked",
        paragraph(say("worked_lead")),
        paragraph(say("worked_private"), "warning"),
        [_household(edition, household) for household in edition.report.worked],
    )


def _household(edition: Edition, household: WorkedHousehold) -> Markup:
    say = edition.say
    chip = tag(
        "span",
        say(household.status.replace(" ", "_")),
        class_=f"status {household.status.replace(' ', '-')}",
    )
    about = say.said(household.about)
    reasons = household.reasons.get(edition.language) or ()
    changes = household.changes.get(edition.language) or ()
    return tag(
        "article",
        tag("h3", say.said(household.title), chip),
        paragraph(about, "note") if about else None,
        tag("ul", [_line(edition, line) for line in reasons], class_="reasons"),
        _changes(edition, changes),
        class_="household",
    )


def _line(edition: Edition, line: ReasonLine) -> Markup:
    mark = tag("span", "·", class_="sign", aria_hidden="true")
    if line.is_condition:
        sign, style = _MARKS[line.answer]
        word = edition.say({"yes": "yes", "no": "no", "open": "dont_know"}[style])
        mark = tag("span", sign, class_=f"sign {style}", role="img", aria_label=word)
    said: list[Content] = [tag("span", line.text)]
    if line.value:
        joint = (
            ""
            if line.text.endswith(("：", ":")) or not line.text
            else ("：" if edition.language == "zh" else ": ")
        )
        said += [joint, tag("span", line.value, class_="value")]
    if line.children:
        said.append(tag("span", class_="more", aria_hidden="true"))
    if line.source:
        said.append(tag("span", line.source, class_="source"))
    row = tag("span", mark, tag("span", said, class_="say"), class_="line")
    if not line.children:
        return tag("li", row)
    below = tag("ul", [_line(edition, child) for child in line.children])
    is_open = line.is_condition and line.answer is not True
    return tag("li", tag("details", tag("summary", row), below, open=is_open))


def _changes(edition: Edition, changes: tuple[str, ...]) -> Content:
    if not changes:
        return None
    items = tag("ul", [tag("li", change) for change in changes])
    return tag("div", tag("h4", edition.say("changes")), items, class_="changes")
