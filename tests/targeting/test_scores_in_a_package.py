# SPDX-License-Identifier: Apache-2.0
"""Decides that a learned score is part of a package: it runs in SQL, explains itself, and decides nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from hearthline.base.problems import HearthlineError
from hearthline.engine.backends import Run, open_run, screen
from hearthline.engine.packages import load_policy
from hearthline.targeting.cards import Card
from hearthline.targeting.fitting import Fit, fit_methods, learned_scores, write_fits
from hearthline.targeting.frame import Frame, frame_of
from hearthline.targeting.methods import METHODS, Choices
from hearthline.targeting.scoring import score_run
from tests.targeting.valley import PACKAGE, rows, screened, write_package

CHOICES = Choices(interacts="town", questions=3)


@dataclass(frozen=True)
class Valley:
    """The survey, what was learned from it, the package written, and a run by that package."""

    folder: Path
    run: Run
    frame: Frame
    fits: dict[str, Fit]
    scored: Run


@pytest.fixture(scope="module")
def valley(tmp_path_factory: pytest.TempPathFactory) -> Valley:
    folder = tmp_path_factory.mktemp("valley")
    run = screened(folder, rows())
    frame = frame_of(run)
    fits = dict(fit_methods(frame, METHODS, CHOICES))
    write_fits(run, learned_scores(run, frame, fits, CHOICES, ["rank"]), folder / "scores")
    screen(str(folder / "scores"), folder / "snapshot", on=date(2024, 6, 30), out=folder / "scored")
    return Valley(folder, run, frame, fits, open_run(folder / "scored"))


def test_only_values_of_allowed_kinds_are_learned_from(valley: Valley) -> None:
    assert set(valley.frame.covariates) == {"size", "wall", "stove", "town", "field"}
    for barred in ("claims", "illness", "spending", "weight_of_people"):
        with pytest.raises(HearthlineError, match="no covariate that the package") as caught:
            frame_of(valley.run, only=["size", barred])
        assert caught.value.code == "targeting.not-a-covariate"


@pytest.mark.parametrize("method", METHODS)
def test_the_package_gives_every_household_the_score_that_was_learned(method: str, valley: Valley) -> None:
    model = valley.fits[method].model
    learned = model.additive.score(valley.frame) if isinstance(model, Card) else model.score(valley.frame)
    told = score_run(valley.scored, f"pmt_{method}").values
    assert np.array_equal(np.isnan(told), np.isnan(learned))
    assert np.nanmax(np.abs(told - learned)) < 1e-12


def test_a_household_with_an_unknown_covariate_has_no_score_and_is_listed(valley: Valley) -> None:
    unknown = valley.frame.unknown(["wall"])
    assert unknown.sum() == 7
    for method in METHODS:
        scored = score_run(valley.scored, f"pmt_{method}")
        assert np.array_equal(np.isnan(scored.values), unknown)
        table = scored.table(below=1e9)
        assert table.num_rows == 600
        assert table["lead"].to_pylist().count("unknown") == 7


def test_a_card_is_short_whole_and_never_above_a_hundred(valley: Valley) -> None:
    score = valley.scored.policy.scores["pmt_card"]
    assert 1 <= len(score.questions) <= 3
    points = [[answer.points for answer in question.answers] for question in score.questions]
    assert all(min(each) == 0 for each in points)
    assert sum(max(each) for each in points) <= 100
    found = score_run(valley.scored, "pmt_card").values
    assert set(np.unique(found[~np.isnan(found)]) % 1) == {0.0}


def test_a_score_that_must_find_the_poor_finds_them(valley: Valley) -> None:
    for method in ("ols", "quantile", "logistic", "boosting", "card"):
        assert valley.fits[method].missed.missed < 0.45  # by lot it would be 0.8


def test_screening_by_the_scores_changes_no_status(valley: Valley) -> None:
    assert valley.scored.record.statuses == valley.run.record.statuses


def test_a_criterion_that_rests_on_a_score_is_refused(valley: Valley, tmp_path: Path) -> None:
    top = spoiled(valley, tmp_path, "rules/own.yaml", criterion("pmt_ols > 4"))
    with pytest.raises(HearthlineError, match="a score is a lead, never a decision") as caught:
        load_policy(top)
    assert caught.value.code == "package.score-decides"


def test_a_criterion_may_not_take_the_tables_of_a_score_either(valley: Valley, tmp_path: Path) -> None:
    through = "derived:\n  again:\n    level: household\n    type: decimal\n    label: {en: Again}\n"
    through += "    formula: lookup('pmt_ols_wall', wall, town)\n"
    top = spoiled(valley, tmp_path, "rules/own.yaml", through + criterion("again > 0"))
    with pytest.raises(HearthlineError) as caught:
        load_policy(top)
    assert caught.value.code == "package.score-decides"


def test_a_score_without_its_data_sheet_is_refused(valley: Valley, tmp_path: Path) -> None:
    text = (valley.folder / "scores" / "scores" / "pmt_card.yaml").read_text(encoding="utf-8")
    top = spoiled(valley, tmp_path, "scores/pmt_card.yaml", text[: text.index("  sheet:")])
    with pytest.raises(HearthlineError, match="it has no data sheet"):
        load_policy(top)


def test_a_score_whose_covariates_mean_something_else_now_is_refused(valley: Valley, tmp_path: Path) -> None:
    below = "layers/valley/2024/facts/household.yaml"
    text = PACKAGE["facts/household.yaml"].replace("mud: {en: Mud}", "mud: {en: Mud}, tin: {en: Tin}")
    with pytest.raises(HearthlineError) as caught:
        load_policy(spoiled(valley, tmp_path, below, text))
    assert caught.value.code == "package.score-outdated"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"trees": [[[0, 1.0, 0, 0, 0]]]}, "leads nowhere"),
        ({"trees": [[[9, 1.0, 1, 2, 0], [-1, 0.0, 0, 0, 5], [-1, 0.0, 0, 0, 5]]]}, "names no covariate"),
        ({"names": ["size"]}, "other covariates"),
        ({"base": "4"}, "does not hold trees"),
    ],
)
def test_trees_that_cannot_be_walked_are_refused(
    change: dict[str, object], says: str, valley: Valley, tmp_path: Path
) -> None:
    file = valley.folder / "scores" / "scores" / "pmt_boosting.json"
    text = json.dumps(json.loads(file.read_text(encoding="utf-8")) | change)
    with pytest.raises(HearthlineError, match=says):
        load_policy(spoiled(valley, tmp_path, "scores/pmt_boosting.json", text))


def test_a_snapshot_that_lacks_a_fact_of_the_score_is_refused(valley: Valley, tmp_path: Path) -> None:
    facts = PACKAGE["facts/household.yaml"]
    without = "\n".join(line for line in facts.splitlines() if not line.startswith("  field:")) + "\n"
    less = [{name: value for name, value in row.items() if name != "field"} for row in rows(80)]
    screened(tmp_path, less, write_package(tmp_path / "package", facts__household=without))
    scores = str(valley.folder / "scores")
    with pytest.raises(HearthlineError, match=r"household\.field"):
        screen(scores, tmp_path / "snapshot", on=date(2024, 6, 30), out=tmp_path / "scored")


def test_a_run_by_a_package_without_scores_says_where_to_get_one(valley: Valley) -> None:
    with pytest.raises(HearthlineError, match="hearthline targeting fit") as caught:
        score_run(valley.run, "pmt_ols")
    assert caught.value.code == "targeting.no-score"


def test_the_data_sheet_tells_who_was_learned_from_and_what_a_ranking_adds(valley: Valley) -> None:
    sheet = valley.scored.policy.scores["pmt_card"].sheet
    assert sheet is not None
    assert (sheet.learned.households, sheet.learned.usable, sheet.learned.clusters) == (600, 593, 40)
    assert sheet.learned.snapshot == valley.run.record.snapshot.hash
    assert float(sheet.unscored) == pytest.approx(float(missing_people(valley)), abs=1e-4)
    assert {group.value for group in sheet.groups} == {"yes", "no"}
    added = sheet.rankings[0]
    assert added.ranked == 593
    assert added.both_missed <= min(added.score_missed, added.ranking_missed)
    assert "never a decision" in valley.scored.policy.scores["pmt_card"].statement["en"]


def missing_people(valley: Valley) -> float:
    gone = valley.frame.unknown(["wall"])
    return float(valley.frame.weight[gone].sum() / valley.frame.weight.sum())


def criterion(good: str) -> str:
    return (
        "criteria:\n  likely:\n    level: household\n    label: {en: Likely}\n"
        f"    good: {good}\n"
        "    words: {met: {en: Yes.}, not_met: {en: No.}, unknown: {en: Not known.}}\n"
        "    remedy: {en: Ask.}\n    source: invented\n"
    )


def spoiled(valley: Valley, folder: Path, name: str, text: str) -> Path:
    """The written package with one file changed or added."""
    top = folder / "spoiled"
    source = valley.folder / "scores"
    for file in source.rglob("*"):
        if file.is_file():
            target = top / file.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_bytes())
    (top / name).write_text(text, encoding="utf-8")
    return top
