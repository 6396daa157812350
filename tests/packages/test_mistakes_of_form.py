# SPDX-License-Identifier: Apache-2.0
"""Decides that a mistake in how a file is written is told with its place, its value and what to write."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from hearthline.base.problems import HearthlineError, ManyProblems
from hearthline.engine.packages import check_policy
from tests.packages.little_package import (
    LITTLE,
    Mistake,
    assert_reported,
    errors_of,
    little,
    spoilt,
    write_package,
)

HOUSEHOLD, RULES, LINE = "facts/household.yaml", "rules/all.yaml", "parameters/line.yaml"
TOML, WATER, CAUSES = "package.toml", "lookups/water.yaml", "causes.yaml"


MISTAKES = [
    Mistake(
        "a mistyped key of a fact",
        HOUSEHOLD,
        "    type: integer",
        "    ‸typ: integer",
        "package.unknown-key",
        ("'typ' is not a key of a fact (size)", "Did you mean 'type'?", "sensitivity"),
    ),
    Mistake(
        "a key from nowhere",
        HOUSEHOLD,
        "    min: 1\n",
        "    min: 1\n    ‸colour: red\n",
        "package.unknown-key",
        ("'colour'", "Its keys are type, label"),
    ),
    Mistake(
        "a fact without a type",
        HOUSEHOLD,
        "  visited_on:\n    type: date\n",
        "  ‸visited_on:\n",
        "package.missing-key",
        ("a fact (visited_on) has no key 'type'", "Add type:"),
    ),
    Mistake(
        "an unknown type",
        HOUSEHOLD,
        "type: integer",
        "type: ‸intger",
        "package.not-a-choice",
        ("type is 'intger'", "Did you mean integer?"),
    ),
    Mistake(
        "a level with a capital letter",
        HOUSEHOLD,
        "household:",
        "‸Household:",
        "package.bad-name",
        ("'Household' cannot be a name", "such as household"),
    ),
    Mistake(
        "a name with a space",
        HOUSEHOLD,
        "  savings:",
        "  ‸the savings:",
        "package.bad-name",
        ("'the savings'", "such as the_savings"),
    ),
    Mistake(
        "a number in quotation marks",
        HOUSEHOLD,
        "min: 1\n",
        "min: ‸'1'\n",
        "package.wrong-type",
        ("min is '1', but a number is needed", "without quotation marks"),
    ),
    Mistake(
        "digits grouped by underscores",
        HOUSEHOLD,
        "max: 10000",
        "max: ‸10_000",
        "package.wrong-type",
        ("'10_000'", "plain digits"),
    ),
    Mistake(
        "full-width digits",
        HOUSEHOLD,
        "max: 60",
        "max: ‸６０",
        "package.wrong-type",
        ("'６０'", "plain digits"),
    ),
    Mistake(
        "yes instead of true",
        HOUSEHOLD,
        "required: true",
        "required: ‸yes",
        "package.wrong-type",
        ("required is 'yes', but true or false is needed", "small letters"),
    ),
    Mistake(
        "a number where a text belongs",
        HOUSEHOLD,
        "zh: 人口",
        "zh: ‸12",
        "package.wrong-type",
        ("zh is 12, but a text is needed", "quotation marks"),
    ),
    Mistake(
        "a label without languages",
        HOUSEHOLD,
        "label: {en: Size, zh: 人口}",
        "label: ‸Size",
        "package.wrong-type",
        ("label is 'Size'", "keys with values below it"),
    ),
    Mistake(
        "a source that is not in a list",
        HOUSEHOLD,
        "sources: [visit]",
        "sources: ‸visit",
        "package.wrong-type",
        ("sources is 'visit', but a list is needed",),
    ),
    Mistake(
        "a blank label",
        HOUSEHOLD,
        "en: Size",
        "en: ‸'  '",
        "package.out-of-range",
        ("it may not be blank",),
    ),
    Mistake(
        "more decimals than can be kept",
        HOUSEHOLD,
        "scale: 2",
        "scale: ‸30",
        "package.out-of-range",
        ("scale is 30, but it must be at most 18",),
    ),
    Mistake(
        "an empty fact",
        HOUSEHOLD,
        "label: {en: Score, zh: 得分}",
        "label: {en: Score, zh: 得分}\n  empty:‸\n",
        "package.wrong-type",
        ("empty is empty", "keys with values below it"),
    ),
    Mistake(
        "a parameter's value without a source",
        LINE,
        "- {year: 2020, value: 1000, source: Notice 1}",
        "- ‸{year: 2020, value: 1000}",
        "package.missing-key",
        ("a dated value has no key 'source'", "Add source: The law, notice or publication"),
    ),
    Mistake(
        "a value that is a list",
        LINE,
        "value: 1000",
        "value: ‸[1000]",
        "package.wrong-type",
        ("value is a list, but a single value is needed",),
    ),
    Mistake(
        "a way to combine that does not exist",
        RULES,
        "combine: all",
        "combine: ‸al",
        "package.not-a-choice",
        ("'al'", "Did you mean all?", "all, any, count, index"),
    ),
    Mistake(
        "a weight that is no share",
        RULES,
        "income_met: 2/3",
        "income_met: ‸two thirds",
        "package.wrong-type",
        ("an exact share is needed", "such as 1/3"),
    ),
    Mistake(
        "a section of rules that does not exist",
        RULES,
        "standards:\n",
        "‸standard:\n",
        "package.unknown-key",
        ("'standard' is not a key of a file of rules", "Did you mean 'standards'?"),
    ),
    Mistake(
        "an empty formula",
        RULES,
        "good: in_school",
        "good:‸",
        "package.wrong-type",
        ("good is empty, but a formula is needed",),
    ),
    Mistake(
        "words that lack the unknown",
        RULES,
        "    words:\n      met: {en: Yes, zh: 是}\n      not_met: {en: No, zh: 否}\n"
        "      unknown: {en: Open, zh: 待核实}\n",
        "    ‸words:\n      met: {en: Yes, zh: 是}\n      not_met: {en: No, zh: 否}\n",
        "package.missing-key",
        ("the words of a criterion has no key 'unknown'",),
    ),
    Mistake(
        "a cause without a number",
        CAUSES,
        "  other:\n    number: 12\n",
        "  ‸other:\n",
        "package.missing-key",
        ("a cause (other) has no key 'number'",),
    ),
    Mistake(
        "a removal that says false",
        CAUSES,
        "  other:\n    number: 12\n    label: {en: Other, zh: 其他}\n",
        "  other: {remove: ‸false}\n",
        "package.not-a-choice",
        ("remove is false", "Write true."),
    ),
    Mistake(
        "a mistyped key of package.toml",
        TOML,
        'currency = "yuan"',
        '‸currancy = "yuan"',
        "package.unknown-key",
        ("'currancy' is not a key of package.toml", "Did you mean 'currency'?"),
    ),
    Mistake(
        "a mistyped key within a table of package.toml",
        TOML,
        'belongs_to = "household"\n[levels.area]',
        '‸belongs = "household"\n[levels.area]',
        "package.unknown-key",
        ("a level (person)", "Did you mean 'belongs_to'?"),
    ),
    Mistake(
        "a date in quotation marks in package.toml",
        TOML,
        "from = 2020-01-01",
        'from = ‸"2020-01-01"',
        "package.wrong-type",
        ("a date is needed", "without quotation marks"),
    ),
    Mistake(
        "package.toml that is not TOML",
        TOML,
        "minor_digits = 2",
        "minor_digits = ‸two",
        "package.bad-toml",
        ("cannot be read here",),
    ),
    Mistake(
        "a day that does not exist",
        HOUSEHOLD,
        "min: 2000-01-01",
        "min: ‸2023-02-30",
        "package.no-such-date",
        ("2023-02-30 is not a day of the calendar", "year-month-day"),
    ),
    Mistake(
        "a key written twice",
        HOUSEHOLD,
        "    max: 60\n",
        "    max: 60\n    ‸max: 70\n",
        "package.duplicate-key",
        ("'max' is written twice", "line 6"),
    ),
    Mistake(
        "a fact written twice",
        HOUSEHOLD,
        "  savings:",
        "  ‸size:",
        "package.duplicate-key",
        ("'size' is written twice; the first is in line 2",),
    ),
    Mistake(
        "a tab for indentation",
        HOUSEHOLD,
        "  size:\n    type",
        "  size:\n‸\ttype",
        "package.bad-yaml",
        ("spaces, not with tabs",),
    ),
    Mistake(
        "a bracket that is never closed",
        HOUSEHOLD,
        "sources: [visit]\n",
        "sources: [visit\n",
        "package.bad-yaml",
        ("cannot be read here",),
    ),
    Mistake(
        "an anchor",
        HOUSEHOLD,
        "label: {en: Size",
        "label: ‸&size {en: Size",
        "package.alias",
        ("anchors (&) and aliases (*)", "templates"),
    ),
    Mistake(
        "an alias",
        HOUSEHOLD,
        "zh: 人口",
        "zh: ‸*size",
        "package.alias",
        ("Write the value out",),
    ),
    Mistake(
        "a Python object",
        HOUSEHOLD,
        "min: 1\n",
        "min: ‸!!python/object/apply:os.system ['true']\n",
        "package.tag",
        ("Leave the tag out",),
    ),
    Mistake(
        "a second document",
        CAUSES,
        "  other:",
        "‸---\n  other:",
        "package.several-documents",
        ("a second YAML document begins here",),
    ),
    Mistake(
        "a list as a key",
        CAUSES,
        "  other:",
        "  ? ‸[a, b]\n  : x\n  other:",
        "package.key-not-text",
        ("a plain name before the colon",),
    ),
    Mistake(
        "a line break that editors do not show",
        CAUSES,
        "en: Other",
        "en: Oth‸\u2028er",
        "package.bad-character",
        ("U+2028",),
    ),
    Mistake(
        "a control character",
        CAUSES,
        "en: Other",
        "en: Oth‸\x07er",
        "package.bad-character",
        ("U+0007",),
    ),
    Mistake(
        "a folded formula",
        RULES,
        "formula: |",
        "formula: ‸>",
        "package.formula-layout",
        ("folded", "Write a |"),
    ),
    Mistake(
        "a formula over two plain lines",
        RULES,
        "good: in_school",
        "good: ‸in_school\n      and years > 6",
        "package.formula-layout",
        ("several lines without a |",),
    ),
    Mistake(
        "a formula with doubled quotation marks",
        RULES,
        "good: grade in ('A', 'B')",
        "good: ‸'grade in (''A'', ''B'')'",
        "package.formula-layout",
        ("doubled or escaped",),
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.title)
def test_a_mistake_of_form_names_place_value_and_remedy(mistake: Mistake, tmp_path: Path) -> None:
    assert_reported(mistake, tmp_path)


def test_toml_that_ends_too_soon_is_told_with_its_last_line(tmp_path: Path) -> None:
    texts = LITTLE | {"package.toml": 'id = "valley/2020"\ntitle = { en = "The valley",'}
    (error,) = errors_of(write_package(tmp_path, texts))
    assert error.code == "package.bad-toml"
    assert error.place is not None
    assert error.place.line == 2


@pytest.mark.parametrize("seed", range(4))
def test_no_spoilt_text_does_more_than_be_refused(seed: int, tmp_path: Path) -> None:
    dice = random.Random(seed)
    pieces = ["null", "true", "-1.5", "2020-01-01", "[]", "{a: b}", "", "remove: true", "'", "&a", "\t", "|"]
    told: list[HearthlineError] = []
    for number in range(40):
        texts = dict(LITTLE)
        name = dice.choice(sorted(texts))
        lines = texts[name].split("\n")
        at = dice.randrange(len(lines))
        key, sign, _ = lines[at].partition(dice.choice([":", "="]))
        lines[at] = key + sign + " " + dice.choice(pieces)
        del lines[dice.randrange(len(lines))]
        texts[name] = "\n".join(lines)
        folder = write_package(tmp_path / str(number), texts)
        try:
            check_policy(folder)
        except HearthlineError as error:
            told += error.errors if isinstance(error, ManyProblems) else [error]
    assert len(told) > 20
    assert not [each.sentence for each in told if each.place is None or not each.remedy]


def test_one_mistyped_key_is_one_mistake(tmp_path: Path) -> None:
    texts, _ = spoilt(HOUSEHOLD, "    type: integer", "    ‸typ: integer")
    assert len(errors_of(write_package(tmp_path, texts))) == 1


def test_all_mistakes_of_all_files_are_told_at_once_in_the_order_of_the_files(tmp_path: Path) -> None:
    folder = little(
        tmp_path,
        causes=("number: 3", "number: three"),
        facts__household=("type: integer", "type: intger"),
        parameters__line=("value: 1000", "valu: 1000"),
        rules__all=("combine: all", "combine: most"),
    )
    errors = errors_of(folder)
    assert [Path(str(error.place).split(",")[0]).name for error in errors] == [
        "causes.yaml",
        "household.yaml",
        "line.yaml",
        "all.yaml",
    ]


def test_a_broken_manifest_does_not_hide_the_mistakes_of_other_files(tmp_path: Path) -> None:
    folder = little(
        tmp_path,
        package=("minor_digits = 2", "minor_digit = 2"),
        facts__household=("type: integer", "type: intger"),
    )
    assert [error.code for error in errors_of(folder)] == ["package.not-a-choice", "package.unknown-key"]
