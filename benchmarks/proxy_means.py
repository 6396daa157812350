# SPDX-License-Identifier: Apache-2.0
"""Decides how scores are measured on the imaginary country: ``python -m benchmarks.proxy_means``."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import LinearRegression

from benchmarks.findings import Figure, Findings, Table, at_most, command_of, finished, must_be, options
from benchmarks.machine import load_in_words
from benchmarks.measuring import ROOT
from hearthline.base.problems import HearthlineError
from hearthline.engine.backends import open_run, screen
from hearthline.engine.packages import load_policy
from hearthline.engine.packages.folder import policies_folder
from hearthline.intake import import_files
from hearthline.targeting.errors import at_quota
from hearthline.targeting.fitting import fit_methods
from hearthline.targeting.folds import folds_of
from hearthline.targeting.forests import encoded, words_of
from hearthline.targeting.frame import Frame, Numbers, frame_of
from hearthline.targeting.methods import Choices
from hearthline.targeting.tables import read_table

SUBJECT = "proxy_means"
FOLDER = ROOT.parent / "shared" / "data"
MAP = policies_folder() / "imaginary" / "2023" / "import" / "survey.toml"
BARS = {"ols": (0.225, False), "boosting": (0.175, False), "card": (0.260, True)}
SEEDS = {"ols": (1, 2, 3), "card": (1, 2, 3), "logistic": (1, 2, 3), "boosting": (1, 2, 3), "quantile": (1,)}
SHARE = 0.2
TABLES = 117


def survey(source: Path, out: Path) -> Frame:
    """The survey imported and screened with the covariates of its package, made anew."""
    folder = out / f"proxy-means-{time.time_ns()}"
    folder.mkdir(parents=True)
    files = [source / "households.csv", source / "individuals.csv"]
    import_files(load_policy("imaginary/2023"), MAP, files, folder / "snapshot")
    screen("imaginary/2023-targeting", folder / "snapshot", on=date(2023, 12, 31), out=folder / "run")
    return frame_of(open_run(folder / "run"))


def plain(frame: Frame, seed: int, fitted: Callable[[Numbers, Numbers, Numbers], Any]) -> float:
    """What scikit-learn misses on the same folds when it is asked without more ado."""
    fold = folds_of(frame.clusters, 5, seed)
    names = tuple(frame.covariates)
    score = np.zeros(frame.size)
    for number in range(5):
        rows, out = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        matrix = encoded(frame, names, words_of(frame, names, rows))
        known = rows[~np.isnan(matrix[rows]).any(axis=1)]
        model = fitted(matrix[known], np.log(frame.welfare[known]), frame.weight[known])
        score[out] = model.predict(np.nan_to_num(matrix[out], nan=-1.0))
    return at_quota(score, frame.welfare, frame.weight, SHARE).missed


def main(words: list[str]) -> int:
    """Learn by every method, judge, tell."""
    parser = options(SUBJECT, __doc__)
    parser.add_argument("--surveys", type=Path, default=FOLDER, help="folder of the real data sets")
    asked = parser.parse_args(words)
    findings = Findings(
        SUBJECT,
        "Who is poor where income cannot be seen",
        command_of(SUBJECT, words),
        data="the survey of the imaginary country: 8,000 households in 320 clusters, 40 covariates",
        explanation=[
            "A fifth of people is chosen by a score to find the poorest fifth by spending; told is the share "
            "of these that is missed, people weighted, five folds of whole clusters held out. Intervals of "
            "95 % draw clusters anew. No covariate is made of spending or weights; what is chosen from data "
            "is chosen without the fold held out. Beside it scikit-learn asked plainly on the same folds: "
            "numbers as they are, codes numbered in the order of the dictionary."
        ],
        packages=("hearthline", "scikit-learn", "numpy"),
    )
    frame = survey(asked.surveys / "imaginary_country", asked.out.resolve())
    rows = []
    for method, seeds in SEEDS.items():
        begun = time.process_time()
        found = [
            fit_methods(frame, [method], Choices(seed=seed, interacts="urbrur"))[method].missed
            for seed in seeds
        ]
        seconds = (time.process_time() - begun) / len(seeds)
        first, others = found[0], ", ".join(f"{each.missed:.3f}" for each in found[1:])
        rows.append(
            [
                method,
                f"{first.missed:.3f}",
                f"{first.low:.3f} to {first.high:.3f}",
                others or "–",
                f"{seconds:.0f}",
            ]
        )
        if method in BARS:
            bar, aim = BARS[method]
            label = f"Poorest fifth missed, {method}, the worst of {len(seeds)} seeds"
            worst = max(each.missed for each in found)
            findings.figures.append(at_most(label, bar, worst, digits=3, aim=aim))
    for name, fitted in {
        "scikit-learn LinearRegression": lambda x, y, w: LinearRegression().fit(x, y, w),
        "scikit-learn HistGradientBoosting": lambda x, y, w: HistGradientBoostingRegressor(
            random_state=1
        ).fit(x, y, w),
    }.items():
        rows.append([name, f"{plain(frame, 1, fitted):.3f}", "–", f"{plain(frame, 2, fitted):.3f}", "–"])
    headings = ("method", "missed, seed 1", "interval", "other seeds", "cpu a seed, s")
    findings.tables.append(Table("Share of the poorest fifth missed", headings, rows))
    findings.figures.append(_published(asked.surveys / "ppi", findings))
    findings.loads.append(load_in_words())
    keep = asked.keep if asked.keep is not None else asked.surveys == FOLDER
    return finished(findings, asked.out, keep=keep)


def _published(folder: Path, findings: Findings) -> Figure:
    refused = []
    files = sorted(folder.glob("ppi*.csv"))
    for file in files:
        try:
            read_table(file)
        except HearthlineError as error:
            refused.append(f"{file.stem}: {error.message}")
    findings.remarks += refused
    words = f"{len(files) - len(refused)} load, {len(refused)} are refused with a reason"
    return must_be(
        "Poverty Probability Index tables",
        f"all {TABLES} load or are refused",
        words,
        kept=len(files) == TABLES,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
