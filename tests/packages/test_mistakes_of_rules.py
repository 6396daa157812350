# SPDX-License-Identifier: Apache-2.0
"""Decides that a mistake in a rule, standard, index or cause is told with place, value and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.packages.little_package import Mistake, assert_reported

RULES, CAUSES = "rules/all.yaml", "causes.yaml"

MISTAKES = [
    Mistake(
        "a rule for a record table",
        RULES,
        "  years:\n    level: person",
        "  years:\n    level: ‸income_line",
        "package.bad-rule",
        ("the level 'income_line'", "household or person"),
    ),
    Mistake(
        "a rule named like a fact",
        RULES,
        "  housing:\n    level",
        "  ‸grade:\n    level",
        "package.name-clash",
        ("'grade' is already used by a fact of the level household",),
    ),
    Mistake(
        "a criterion named like a derived value",
        RULES,
        "  housing:\n    level",
        "  ‸income:\n    level",
        "package.name-clash",
        ("the derived value income",),
    ),
    Mistake(
        "a rule named like a status",
        RULES,
        "  years:\n",
        "  ‸status_now:\n",
        "package.reserved-name",
        ("a column of the results",),
    ),
    Mistake(
        "a rule named like the points of an index",
        RULES,
        "  years:\n",
        "  ‸mpi_points:\n",
        "package.reserved-name",
        ("a column of the results",),
    ),
    Mistake(
        "a criterion without English words",
        RULES,
        "not_met: {en: No, zh: 否}",
        "‸not_met: {zh: 否}",
        "package.no-words",
        ("not_met has no text in the language 'en'",),
    ),
    Mistake(
        "a formula with an unknown name",
        RULES,
        "good: grade in",
        "good: ‸grad in",
        "formula.unknown-name",
        ("'grad'", "Did you mean grade?"),
    ),
    Mistake(
        "a mistake in the second line of a formula",
        RULES,
        "filter (where income_line.state = 'received')",
        "filter (where ‸income_line.stat = 'received')",
        "formula.unknown-name",
        ("income_line.stat", "Did you mean state?"),
    ),
    Mistake(
        "a formula in quotation marks",
        RULES,
        "good: grade in ('A', 'B')",
        "good: \"‸grad in ('A', 'B')\"",
        "formula.unknown-name",
        ("'grad'",),
    ),
    Mistake(
        "two default standards",
        RULES,
        "  by_points:\n",
        "  ‸by_points:\n    default: true\n",
        "package.default-standard",
        ("2 standards are the default", "one of them only"),
    ),
    Mistake(
        "no default standard",
        RULES,
        "  national:\n    default: true\n",
        "  ‸national:\n",
        "package.default-standard",
        ("no standard is the default",),
    ),
    Mistake(
        "a default standard that begins late",
        RULES,
        "  national:\n",
        "  ‸national:\n    from: 2020-06-01\n",
        "package.default-standard",
        ("not in force on every date",),
    ),
    Mistake(
        "a standard over a criterion that does not exist",
        RULES,
        "criteria: [income_met, housing]",
        "criteria: [income_met, ‸houses]",
        "package.unknown-reference",
        ("'houses' is not a household criterion", "Did you mean housing?"),
    ),
    Mistake(
        "a standard over a criterion of persons",
        RULES,
        "criteria: [income_met, housing]",
        "criteria: [income_met, ‸schooled]",
        "package.unknown-reference",
        ("'schooled' is not a household criterion",),
    ),
    Mistake(
        "a criterion twice in a standard",
        RULES,
        "criteria: [income_met, housing]",
        "criteria: [income_met, housing, ‸housing]",
        "package.named-twice",
        ("'housing'",),
    ),
    Mistake(
        "a count without a number",
        RULES,
        "combine: all",
        "‸combine: count",
        "package.bad-standard",
        ("it has no at_least", "Add at_least:"),
    ),
    Mistake(
        "a count that nobody can reach",
        RULES,
        "combine: all",
        "combine: count\n    ‸at_least: 3",
        "package.bad-standard",
        ("only 2 criteria", "Nobody could be poor"),
    ),
    Mistake(
        "criteria beside an index",
        RULES,
        "index: mpi\n",
        "index: mpi\n    ‸criteria: [housing]\n",
        "package.bad-standard",
        ("criteria does not go with combine: index",),
    ),
    Mistake(
        "an index that does not exist",
        RULES,
        "index: mpi\n",
        "index: ‸mpl\n",
        "package.unknown-reference",
        ("'mpl' is not an index", "Did you mean mpi?"),
    ),
    Mistake(
        "a standard outside the package's dates",
        RULES,
        "from: 2021-01-01\n    source",
        "‸from: 2031-01-01\n    source",
        "package.bad-standard",
        ("outside the dates",),
    ),
    Mistake(
        "an indicator that does not exist",
        RULES,
        "{income_met: 2/3, housing: 1/3}",
        "{income_met: 2/3, ‸house: 1/3}",
        "package.unknown-reference",
        ("'house'", "Did you mean housing?"),
    ),
    Mistake(
        "weights of indicators that do not add up",
        RULES,
        "        weight: 1\n        indicators: {income_met: 2/3",
        "        ‸weight: 1\n        indicators: {income_met: 0.66",
        "package.bad-index",
        ("the indicators of living sum to 149/150, but its weight is 1",),
    ),
    Mistake(
        "weights of dimensions that do not add up",
        RULES,
        "    dimensions:\n      living:\n        label: {en: Living, zh: 生活}\n        weight: 1\n"
        "        indicators: {income_met: 2/3,",
        "    ‸dimensions:\n      living:\n        label: {en: Living, zh: 生活}\n        weight: 1/2\n"
        "        indicators: {income_met: 1/6,",
        "package.bad-index",
        ("the weights of its dimensions sum to 1/2", "sum to 1 exactly"),
    ),
    Mistake(
        "an indicator without weight",
        RULES,
        "{income_met: 2/3, housing: 1/3}",
        "{income_met: 1, ‸housing: 0}",
        "package.bad-index",
        ("the weight of housing is 0",),
    ),
    Mistake(
        "a cutoff of nothing",
        RULES,
        "cutoff: 1/3",
        "‸cutoff: 0",
        "package.bad-index",
        ("its cutoff is 0", "1/3"),
    ),
    Mistake(
        "two causes with one number",
        CAUSES,
        "number: 12",
        "number: ‸3",
        "package.bad-cause",
        ("its number 3 is that of the cause schooling",),
    ),
    Mistake(
        "evidence that is no condition",
        CAUSES,
        "evidence: bool_or(person.in_school)",
        "evidence: ‸count(person)",
        "formula.declared-type",
        ("cause_schooling",),
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.title)
def test_a_mistake_of_a_rule_names_place_value_and_remedy(mistake: Mistake, tmp_path: Path) -> None:
    assert_reported(mistake, tmp_path)
