# SPDX-License-Identifier: Apache-2.0
"""Decides the commands ``policy list | check | show | series | diff | sql``."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from hearthline.base.problems import EXIT_STATUS, Kind, declare
from hearthline.cli.options import FigureFormat, FormatOption, Language, LanguageOption, OnOption, read_date
from hearthline.engine.packages import (
    available_policies,
    check_policy,
    describe_policy,
    differences_text,
    load_policy,
    policy_differences,
)
from hearthline.engine.packages.describing import NOTHING_TO_SHOW
from hearthline.engine.rules.vocabulary import nearest_hint
from hearthline.engine.rules.wording import said
from hearthline.engine.sql.plan import screening_plan
from hearthline.statistics.series_formats import series_csv, series_json, series_text

NO_STEP = declare(
    "command.no-step", Kind.NOT_FOUND, "The plan has no step called {name}.", "Its steps are: {known}."
)

policy_app = typer.Typer(
    help="Policy packages: what there is, what is in one, whether it holds.", no_args_is_help=True
)

PolicyArgument = Annotated[str, typer.Argument(help="A package: its id, or the path of its folder.")]


@policy_app.command("list")
def list_policies(lang: LanguageOption = Language.EN) -> None:
    """List the packages that come with Hearthline."""
    for listing in available_policies():
        title = said(listing.title, lang.value) if listing.title else ""
        extends = f" (extends {listing.extends})" if listing.extends else ""
        typer.echo(f"{listing.id}  {title}{extends}{'  ' + listing.fault if listing.fault else ''}")


@policy_app.command("check")
def check(policy: PolicyArgument) -> None:
    """Check a package: its files, its formulas, and every one of its scenarios."""
    result = check_policy(policy)
    failed = [each for each in result.results if not each.passed]
    for each in failed:
        typer.echo(each.text, err=True)
    effective = result.policy
    facts = sum(len(level) for level in effective.facts.values())
    typer.echo(
        f"{effective.id}: {facts} facts, {len(effective.parameters)} parameters, "
        f"{len(effective.derived)} derived values, {len(effective.criteria)} criteria, "
        f"{len(effective.standards)} standards; "
        f"{len(result.results) - len(failed)} of {len(result.results)} scenarios hold."
    )
    typer.echo(f"Version {effective.version_hash}")
    if failed:
        sys.exit(EXIT_STATUS[Kind.BAD_PACKAGE])


@policy_app.command("show")
def show(
    policy: PolicyArgument,
    lang: LanguageOption = Language.EN,
    only: Annotated[
        str | None,
        typer.Option("--only", help="One section (facts, parameters, rules …) or one entry, by its name."),
    ] = None,
) -> None:
    """Show the effective package as an official reads it, with where each value came from."""
    typer.echo(describe_policy(load_policy(policy), lang.value, only))


@policy_app.command("series")
def series(
    policy: PolicyArgument,
    only: Annotated[str | None, typer.Option("--only", help="One series, by its name.")] = None,
    output: FormatOption = FigureFormat.TABLE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Show the published figures of a package with sources and conflicts, and the pace computed from them."""
    loaded = load_policy(policy)
    if only is not None and only not in loaded.series:
        hint = nearest_hint(only, loaded.series)
        raise NOTHING_TO_SHOW.error(id=loaded.id, name=only, hint=hint)
    if not loaded.series:
        typer.echo(f"{loaded.id} has no published figures.")
        return
    texts = {
        FigureFormat.TABLE: series_text,
        FigureFormat.CSV: series_csv,
        FigureFormat.JSON: series_json,
    }
    typer.echo(texts[output](loaded, lang.value, only), nl=False)


@policy_app.command("diff")
def diff(
    old: Annotated[str, typer.Argument(help="The earlier package: its id, or the path of its folder.")],
    new: Annotated[str, typer.Argument(help="The later package.")],
    lang: LanguageOption = Language.EN,
) -> None:
    """Show what differs between two packages: facts, parameters, formulas, standards."""
    found = policy_differences(load_policy(old), load_policy(new), lang.value)
    typer.echo(differences_text(found, lang.value) if found else "No difference.")


@policy_app.command("sql")
def sql(
    policy: PolicyArgument,
    on: OnOption,
    step: Annotated[str | None, typer.Option("--step", help="Only the step of this name.")] = None,
) -> None:
    """Print the SQL steps a package becomes on a date."""
    plan = screening_plan(load_policy(policy), read_date(on), has_areas=True)
    parts = [(each.name, each.about, each.query) for each in plan.steps]
    parts.append(("households", "the result of each household", plan.households))
    if plan.persons is not None:
        parts.append(("persons", "the result of each person", plan.persons))
    if step is not None and step not in [name for name, _, _ in parts]:
        raise NO_STEP.error(name=step, known=", ".join(name for name, _, _ in parts))
    for name, about, query in parts:
        if step in (None, name):
            typer.echo(f"-- {name}: {about}")
            typer.echo(query.sql(dialect="duckdb", pretty=True) + ";\n")
