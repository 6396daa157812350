# SPDX-License-Identifier: Apache-2.0
"""Decides whether the report stands alone, is safe to open, speaks both languages and hides small groups."""

from __future__ import annotations

import base64
import hashlib
import re
import stat
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from hearthline.reporting.charts import Bar, Drawing, bars
from hearthline.reporting.lone_page import style_sheet
from hearthline.reporting.markup import VOID, tag
from hearthline.reporting.page import report_page, write_report
from hearthline.reporting.phrases import sentences
from hearthline.statistics.numerals import percent
from tests.reporting import fake_reports

ROOT = Path(__file__).resolve().parents[2] / "src" / "hearthline" / "reporting"
OPEN_ENDED = VOID | {"!doctype"}


class Page(HTMLParser):
    """Reads a page and keeps its elements, its ids and the texts of each language."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.stack: list[str] = []
        self.texts: dict[str, list[str]] = {"en": [], "zh-Hans": []}
        self.language = ""
        self.faults: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.elements.append((tag, values))
        if (values.get("class") or "") == "edition":
            self.language = values.get("lang") or ""
        if tag not in OPEN_ENDED:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.stack or self.stack.pop() != tag:
            self.faults.append(tag)

    def handle_data(self, data: str) -> None:
        if self.language:
            self.texts[self.language].append(data)

    def text(self, language: str) -> str:
        return " ".join(self.texts[language])

    def all(self, name: str) -> Iterator[dict[str, str | None]]:
        return (values for element, values in self.elements if element == name)


@pytest.fixture(scope="module")
def text() -> str:
    return report_page(fake_reports.report())


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


def test_every_element_is_closed_and_every_id_is_given_once(page: Page) -> None:
    assert not page.faults
    assert not page.stack
    ids = [values["id"] for _, values in page.elements if "id" in values]
    assert len(ids) == len(set(ids))


def test_every_link_and_label_leads_to_something_in_the_page(page: Page) -> None:
    ids = {values["id"] for _, values in page.elements if "id" in values}
    for values in page.all("a"):
        assert (values["href"] or "").removeprefix("#") in ids
    for _, values in page.elements:
        for key in ("for", "aria-labelledby"):
            assert set((values.get(key) or "").split()) <= ids


def test_nothing_is_loaded_from_anywhere_and_no_script_can_run(text: str, page: Page) -> None:
    names = {name for name, _ in page.elements}
    assert not names & {"script", "iframe", "object", "embed", "img", "link", "form", "base"}
    outside = re.findall(r"https?://|//[a-z]|url\((?!#)|@import|javascript:", text)
    assert not outside
    for _, values in page.elements:
        assert not [key for key in values if key.startswith("on") or key in ("src", "style")]


def test_the_policy_of_the_page_allows_its_own_style_and_nothing_else(page: Page) -> None:
    policies = [values["content"] for values in page.all("meta") if "http-equiv" in values]
    digest = base64.b64encode(hashlib.sha256(style_sheet().encode()).digest()).decode()
    expected = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert policies == [expected]
    assert "<" not in style_sheet()


def test_hostile_words_stay_words(text: str) -> None:
    assert "&lt;script&gt;alert" in text
    assert "<script" not in text
    assert tag("a", "<&>", title='"<') == '<a title="&quot;&lt;">&lt;&amp;&gt;</a>'


def test_every_chart_has_a_title_a_description_and_a_table(page: Page, text: str) -> None:
    charts = [values for values in page.all("svg") if values.get("role") == "img"]
    assert len(charts) == 2 * 2 * 6, "six figures, in two widths and two languages"
    for figure in re.findall(r"<figure>.*?</figure>", text, re.S):
        assert "<table" in figure
        assert figure.count("<title") == figure.count("<desc") == 2
        assert all(words.strip() for words in re.findall(r"<desc[^>]*>(.*?)</desc>", figure))


def test_both_languages_say_the_same_figures(page: Page) -> None:
    figures = re.compile(r"\d[\d,]*(?:\.\d+)?(?<!,)%?")
    counted = [sorted(figures.findall(page.text(language))) for language in ("en", "zh-Hans")]
    seen = [set(part) for part in counted]
    assert seen[0] == seen[1]


def test_the_languages_switch_without_a_script(page: Page) -> None:
    radios = list(page.all("input"))
    assert [values["id"] for values in radios] == ["language-en", "language-zh"]
    assert "checked" in radios[0]
    style = re.sub(r"\s+", " ", style_sheet())
    hidden = "#language-en:checked~.edition:lang(zh),#language-zh:checked~.edition:lang(en) { display: none"
    assert hidden in style


def test_the_chinese_edition_has_no_english_sentences_of_ours(page: Page) -> None:
    english = tomllib.loads((ROOT / "en.toml").read_text(encoding="utf-8"))
    for key, sentence in english.items():
        if len(sentence) > 25 and "{" not in sentence:
            assert sentence not in page.text("zh-Hans"), key


def test_both_languages_have_the_same_sentences_with_the_same_places() -> None:
    english, chinese = (
        tomllib.loads((ROOT / f"{language}.toml").read_text(encoding="utf-8")) for language in ("en", "zh")
    )
    assert english.keys() == chinese.keys()
    for key, sentence in english.items():
        places = [set(re.findall(r"\{(\w+)\}", words)) for words in (sentence, chinese[key])]
        assert places[1] - {"unit", "title"} <= places[0], key


def test_a_report_of_invented_facts_says_so_in_its_head_and_in_its_title() -> None:
    invented = replace(fake_reports.report(), invented_by="hearthline generate, seed 7")
    found = Page(report_page(invented))
    assert "Invented data: every fact" in found.text("en")
    assert "hearthline generate, seed 7" in found.text("zh-Hans")
    assert "虚构数据" in found.text("zh-Hans")
    assert "<title>Invented data: Invented county</title>" in report_page(invented)
    assert "虚构数据" not in Page(report_page(fake_reports.report())).text("zh-Hans")


def test_what_the_screening_warned_of_stands_in_the_head() -> None:
    warned = replace(fake_reports.report(), warnings=("The facts are of another year.",))
    assert "The facts are of another year." in Page(report_page(warned)).text("zh-Hans")


def test_the_line_of_the_chinese_edition_has_chinese_units_and_marks() -> None:
    figures = fake_reports.report().statistics
    chosen = figures.specification
    assert chosen.line is not None
    line = replace(chosen.line, unit="yuan/person/year")
    chosen = replace(chosen, line=line, welfare_unit="yuan/person/year")
    found = Page(
        report_page(replace(fake_reports.report(), statistics=replace(figures, specification=chosen)))
    )
    assert "贫困线：3,218元/人/年（invented）" in found.text("zh-Hans")
    assert "Poverty line: 3,218 yuan per person per year (invented)" in found.text("en")
    assert "yuan" not in found.text("zh-Hans").replace("9,000.00 yuan", "")


def test_lines_of_the_grid_do_not_cross_the_labels_of_a_narrow_chart() -> None:
    drawing = Drawing("a", "b", "c")
    narrow = bars(drawing, [Bar("first", 0.2), Bar("second", 0.1)]).split('class="narrow"')[1]
    labels = [float(found) for found in re.findall(r'<text x="0" y="([\d.]+)" font-size="14"', narrow)]
    assert len(labels) == 2
    for top, end in re.findall(r'class="grid"[^>]* y1="([\d.]+)" y2="([\d.]+)"', narrow):
        assert not any(float(top) < label < float(end) for label in labels)


def test_a_chinese_report_has_the_words_of_the_glossary() -> None:
    said = " ".join(sentences("zh").values())
    for other in ("认定", "不明", "贫困差距", "各项标准", "数据快照", "基准日"):
        assert other not in said


def test_a_report_in_one_language_needs_no_switch() -> None:
    single = Page(report_page(fake_reports.report(languages=("en",))))
    assert not list(single.all("input"))
    assert not single.text("zh-Hans")


def test_small_places_are_merged_and_small_numbers_hidden(page: Page) -> None:
    words = page.text("en")
    assert "2 small places together" in words
    assert "Village 1" not in words
    assert "hidden" in words
    assert "fewer than 11 people" in words


def test_what_is_unknown_is_said_beside_the_headline(page: Page) -> None:
    assert "They are not counted as not poor" in page.text("en")
    assert "未计入非贫困" in page.text("zh-Hans")


def test_shares_that_overlap_say_so(page: Page) -> None:
    assert "do not add up" in page.text("en")


def test_a_report_without_households_can_be_made_public() -> None:
    public = replace(fake_reports.report(), worked=())
    words = Page(report_page(public)).text("en")
    assert "single households" not in words
    assert "Household 12" not in words


def test_a_report_needs_neither_areas_nor_an_index_nor_a_line() -> None:
    whole = fake_reports.report()
    kept = tuple(table for table in whole.statistics.tables if table.name in ("population", "status"))
    bare = replace(
        whole,
        statistics=replace(whole.statistics, tables=kept),
        places=(),
        distribution=None,
        worked=(),
    )
    sections = [values["id"] for values in Page(report_page(bare)).all("section")]
    assert sections[:3] == ["en-headline", "en-unknowns", "en-provenance"]


def test_the_file_is_private_and_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "reports" / "report.html"
    assert write_report(path, fake_reports.report()) == path
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    write_report(path, fake_reports.report())
    assert [file.name for file in path.parent.iterdir()] == ["report.html"]
    assert path.stat().st_size < 400_000


def test_the_same_report_is_the_same_file(text: str) -> None:
    assert report_page(fake_reports.report()) == text


def test_a_share_that_is_not_nothing_is_not_shown_as_nothing() -> None:
    assert percent(0.0) == "0.0%"
    assert percent(0.0001) == "<0.1%"
    assert percent(0.22014) == "22.0%"
    assert percent(None) == "–"
