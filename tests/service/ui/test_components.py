# SPDX-License-Identifier: Apache-2.0
"""Components: what they say in each language, and that a text from a person is never markup."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from hearthline.engine.rules.reasons import Reason
from hearthline.reporting.charts import width_of
from hearthline.ui import wording
from hearthline.ui.forms import error_lines, field
from hearthline.ui.menu import Entry, entries_for, offer
from hearthline.ui.parts import Bar, Bars, Line, Part, Point, Series, Shares
from hearthline.ui.reasons import reasons_tree
from tests.service.ui.gallery import Work

NASTY = "<img src=x onerror=alert(1)>\"'&"


def rendered(template: str, **values: object) -> str:
    """A template in which one component stands."""
    return Template(template).render(Context(values))


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "en",
            ["2,952 yuan", "0.05 yuan", "-1,200.50 yuan", "31 December 2017", "2017-12-31", "Yes", "12.3%"],
        ),
        ("zh-hans", ["2,952元", "0.05元", "-1,200.50元", "2017年12月31日", "2017-12-31", "是", "12.3%"]),
    ],
)
def test_money_days_and_shares_are_written_in_the_readers_language(
    language: str, expected: list[str]
) -> None:
    with translation.override(language):
        found = rendered(
            "{{ a|money }}|{{ b|money }}|{{ c|amount }}|{{ d|day }}|{{ d|short_day }}|"
            "{{ e|yes_no }}|{{ f|share }}",
            a=295200, b=5, c=Decimal("-1200.5"), d=date(2017, 12, 31), e=True, f=0.1234,
        )  # fmt: skip
    assert found.split("|") == expected


def test_nothing_is_written_where_there_is_no_value() -> None:
    assert {wording.money(None), wording.day(None), wording.number(None), wording.anything("")} == {"–"}
    assert wording.yes_no(None) == "Unknown"


def test_a_moment_is_in_the_time_of_the_office() -> None:
    assert wording.moment(datetime(2017, 12, 31, 20, 5, tzinfo=UTC)) == "2018-01-01 04:05"
    assert wording.day(datetime(2017, 12, 31, 20, 5, tzinfo=UTC)) == "1 January 2018"


def test_a_status_is_a_word_and_a_tone_and_an_unknown_one_says_so() -> None:
    assert rendered('{% status "poor" %}') == '<span class="tag bad">Poor</span>'
    assert rendered('{% status "" %}') == '<span class="tag plain">Not screened</span>'
    assert "贫困户" in rendered('{% status "poor" "贫困户" %}')
    with translation.override("zh-hans"):
        assert "未达标" in rendered('{% answer "not met" %}')


@pytest.mark.parametrize(
    "template",
    [
        "{% badge x %}",
        "{% figure x x x x %}",
        "{% facts lines %}",
        "{% bars bars %}",
        "{% shares shares %}",
        "{% series series %}",
        "{% reasons reasons %}",
        "{% empty x x x %}",
        "{% notice x %}{{ x }}{% endnotice %}",
        "{% progress job x %}",
        "{% status 'poor' x %}",
        "{% form form submit=x cancel=x action=x %}",
    ],
)
def test_a_text_from_a_person_is_never_markup(template: str) -> None:
    class Named(forms.Form):
        name = forms.CharField(label=NASTY, help_text="plain")

    text = rendered(
        template,
        x=NASTY,
        lines=[Line(NASTY, NASTY, NASTY, NASTY)],
        bars=Bars(NASTY, [Bar(NASTY, 1, NASTY, NASTY, 0.1, NASTY, NASTY)], NASTY, NASTY),
        shares=Shares(NASTY, [Part(NASTY, 1, "poor", NASTY, NASTY)], NASTY, NASTY),
        series=Series(NASTY, [Point(NASTY, [1], [NASTY], NASTY)], [NASTY], NASTY),
        reasons=[Reason("criterion", NASTY, NASTY, False, NASTY, NASTY, False, NASTY)],
        job=Work(1, "running", NASTY, 1, 2),
        form=Named({"name": NASTY}),
    )
    assert "<img" not in text
    for value in re.findall(r'="([^"]*)"', text):
        assert "<" not in value
        assert "'&" not in value


def test_bars_share_one_scale_and_never_leave_their_cell() -> None:
    chart = Bars("t", [Bar("a", 40), Bar("b", 10, doubt=30), Bar("c", None), Bar("d", 0)], "a", "b")
    text = rendered("{% bars chart 'n' %}", chart=chart)
    assert re.findall(r'class="poor" x="0" y="0" width="([\d.]+)%"', text) == [
        "100.00",
        "25.00",
        "0.00",
        "0.00",
    ]
    assert "Hatched: unknown." in text
    wide = rendered("{% bars chart %}", chart=Bars("t", [Bar("a", 140, doubt=80)], "a", "b", top=100))
    assert 'width="100.00%"' in wide
    assert "hatch" not in wide


def test_a_chart_without_figures_says_so() -> None:
    assert "There are no figures yet." in rendered("{% bars chart %}", chart=Bars("t", [], "a", "b"))
    assert "–" in rendered("{% shares c %}", c=Shares("t", [Part("a", 0, "poor")], "a", "b"))
    assert "<svg" in rendered("{% series c %}", c=Series("t", [], ["a"], "b"))


def test_the_scale_of_columns_stands_within_the_drawing_however_large_the_figures() -> None:
    for largest in (7, 99_000_000, 1_400_000_000):
        text = rendered("{% series c %}", c=Series("t", [Point("2012", [largest])], ["a"], "b"))
        scale = re.findall(r'<text class="soft" x="([\d.]+)"[^>]*font-size="12"[^>]*>([\d,]+)<', text)
        assert scale
        for end, words in scale:
            assert float(end) >= width_of(words, 12), words


def test_two_charts_of_a_page_have_names_of_their_own() -> None:
    chart = Bars("t", [Bar("a", 1, doubt=1), Bar("b", 1, doubt=1)], "a", "b")
    text = rendered("{% bars chart 'one' %}{% bars chart 'two' %}", chart=chart)
    names = re.findall(r' id="([^"]+)"', text)
    assert len(names) == len(set(names)) == 4


def test_reasons_open_where_the_answer_is_bad_and_mark_conditions_in_words() -> None:
    leaf = Reason("fact", "储蓄", "未知", None, "入户核查", "savings", True)
    bad = Reason("criterion", "收入达标", "未达标", False, "", "income", children=(leaf,))
    good = Reason("criterion", "饮水安全", "达标", True, "", "water", children=(leaf,))
    text = reasons_tree([bad, good])
    assert text.count("<details") == 2
    assert text.count(" open>") == 1
    assert "does not hold: " in text
    with translation.override("zh-hans"):
        assert "以下全部：" in reasons_tree([Reason("all", "", "", False, children=(bad, good))])


def test_a_waiting_job_renews_itself_and_an_ended_one_stops() -> None:
    running = rendered("{% progress job %}", job=Work(3, "running", "", 5, None), here="/jobs/3/")
    assert 'hx-trigger="every 2s"' in running
    assert "<progress" in running
    assert "value=" not in running
    done = rendered("{% progress job '/x/' %}", job=Work(3, "done", "", 5, 5), here="/jobs/3/")
    assert "hx-trigger" not in done
    assert "/x/" in done


def test_an_unknown_menu_address_and_a_lacking_permission_leave_an_entry_out(
    rf: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hearthline.ui.menu._ENTRIES", [])
    offer(
        Entry("Nowhere", "no:such"),
        Entry("Jobs", "ui:language", word="jobs.view"),
        Entry("Here", "ui:language"),
    )
    offer(Entry("Here", "ui:language"))
    request = rf.get("/")  # type: ignore[attr-defined]  # a fixture of pytest-django
    request.resolver_match = None
    assert [entry.label for entry in entries_for(request, frozenset())] == ["Here"]
    assert [entry.label for entry in entries_for(request, {"jobs.view"})] == ["Jobs", "Here"]


def test_a_file_makes_the_form_send_files() -> None:
    class Upload(forms.Form):
        key = forms.CharField(widget=forms.HiddenInput, initial="k")
        papers = forms.FileField()

    text = rendered("{% form form %}", form=Upload())
    assert 'enctype="multipart/form-data"' in text
    assert text.count('type="hidden"') == 1


def test_the_summary_of_errors_names_each_field_and_a_control_keeps_its_own_class() -> None:
    class Asked(forms.Form):
        reason = forms.CharField(label="Reason", widget=forms.Textarea(attrs={"class": "code"}))

    form = Asked({"reason": ""})
    assert [line.text for line in error_lines(form)] == ["Reason: This field is required."]
    assert 'class="form-control code"' in field(form["reason"])
