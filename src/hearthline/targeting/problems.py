# SPDX-License-Identifier: Apache-2.0
"""Decides the sentences for what can be wrong with learning, applying or reporting a score."""

from __future__ import annotations

from hearthline.base.problems import Kind, declare

NO_EXTRA = declare(
    "targeting.no-extra",
    Kind.UNSUPPORTED,
    "The method {method} needs scikit-learn, which is not installed.",
    "Install the extra: pip install 'hearthline[learning]'. The methods ols and card do without it.",
)
NO_COVARIATES = declare(
    "targeting.no-covariates",
    Kind.REFUSED,
    "The package {package} allows no covariates, so no score can be learned by it.",
    "State in facts/ how facts are verified, and in [targeting] of package.toml which kinds are allowed.",
)
NOT_A_COVARIATE = declare(
    "targeting.not-a-covariate",
    Kind.REFUSED,
    "'{name}' is no covariate that the package {package} allows.",
    "Choose from: {known}.",
)
NO_WELFARE = declare(
    "targeting.no-welfare",
    Kind.BAD_INPUT,
    "A score is learned from a welfare value, and the package {package} names none.",
    "Add welfare to [statistics] in package.toml.",
)
NO_CLUSTERS = declare(
    "targeting.no-clusters",
    Kind.BAD_INPUT,
    "The snapshot does not say which households were drawn together, so errors cannot be told honestly.",
    "Give the column of the sample's clusters in the map ([design] cluster), or pass --cluster.",
)
TOO_FEW = declare(
    "targeting.too-few",
    Kind.REFUSED,
    "Only {found} {what} can be used, and {needed} are needed at least.",
    "Use a larger survey, or fewer folds; a score of so few would tell of chance.",
)
NOTHING_KNOWN = declare(
    "targeting.nothing-known",
    Kind.REFUSED,
    "Not one household has all covariates known.",
    "Leave out with --without the covariate that is mostly unknown: {worst}.",
)
NOT_A_VALUE = declare(
    "targeting.not-a-value",
    Kind.BAD_INPUT,
    "'{name}' is neither a fact nor a derived value of the household in the package {package}.",
    "Name one of them; the run and its snapshot must hold it.",
)
UNKNOWN_METHOD = declare(
    "targeting.unknown-method",
    Kind.BAD_INPUT,
    "There is no method called '{name}'.",
    "Choose from: {known}.",
)
BAD_CHOICE = declare(
    "targeting.bad-choice",
    Kind.BAD_INPUT,
    "{name} is {value}.",
    "It must be {range}.",
)
RANKING_NOT_A_NUMBER = declare(
    "targeting.ranking-not-a-number",
    Kind.BAD_INPUT,
    "'{name}' holds words, and a ranking is a number: 1 for the poorest of a community.",
    "Name a fact or derived value of the household that is a number.",
)
NO_SCORE = declare(
    "targeting.no-score",
    Kind.NOT_FOUND,
    "The package {package} holds no score{named}.",
    "{hint}",
)
BAD_TABLE = declare(
    "targeting.bad-table",
    Kind.BAD_INPUT,
    "This is no table of scores: {reason}.",
    "Its first column is score, from 0 or 1 to 100 one by one; each other is a line with its chances.",
)
NO_LINE = declare(
    "targeting.no-line",
    Kind.BAD_INPUT,
    "The table {table} has no line '{line}'.",
    "{hint} Its lines are the names of its columns.",
)
NOT_POINTS = declare(
    "targeting.not-points",
    Kind.BAD_INPUT,
    "'{name}' is no whole number without a unit of the household in the package {package}.",
    "Name the fact or derived value that adds up the points of the card.",
)
