# SPDX-License-Identifier: Apache-2.0
"""Decides that reasons are those of the run, name the observation of every value, keep what is sensitive."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.conf import settings

from hearthline.accounts.models import Officer
from hearthline.accounts.rules import Role
from hearthline.areas.models import Area
from hearthline.base.problems import HearthlineError
from hearthline.engine.backends import open_run
from hearthline.engine.backends.reasons import Explanation, explain
from hearthline.engine.rules.reasons import Reason
from hearthline.policy.models import Activation
from hearthline.policy.queries import policy_of
from hearthline.registry.models import Observation
from hearthline.runs.explaining import _OPENED, explanation_of
from hearthline.runs.masking import is_kept, sensitive_in
from hearthline.runs.models import Result, Run, Status
from hearthline.runs.origins import Origin
from tests.service.conftest import TODAY, Hire, Visitor
from tests.service.runs.county import Registered, registered
from tests.service.runs.test_screening import screened


@pytest.fixture
def county(db: None, hire: Hire) -> Registered:
    """The generator's county in the register."""
    return registered(hire(Role.ADMINISTRATOR))


def lines(reasons: tuple[Reason, ...]) -> Iterator[Reason]:
    """Every line of the reasons."""
    for reason in reasons:
        yield reason
        yield from lines(reason.children)


def said(explanation: Explanation) -> list[tuple[object, ...]]:
    """What is said, without where it comes from."""
    return [
        (line.kind, line.text, line.value, line.answer, line.name) for line in lines(explanation.criteria)
    ]


def reasons(by: Officer, run: Run, row: Result, *, whole: bool = True) -> Explanation:
    """The reasons of a row of results in English."""
    return explanation_of(by=by, on=TODAY, run=run, household_id=row.household_id, language="en", whole=whole)


def test_reasons_are_those_of_the_run_and_every_value_names_its_observation(
    county: Registered, hire: Hire
) -> None:
    run = screened(county)
    duty = hire(Role.VILLAGE_OFFICER, county.area)
    engine = open_run(settings.HOME / run.folder)
    observed = {row.pk: row for row in Observation.objects.all()}
    linked = 0
    for row in Result.objects.filter(run=run).order_by("number")[:12]:
        found = reasons(duty, run, row)
        assert said(found) == said(explain(engine, row.number))
        assert found.status == {0: "not poor", 1: "poor", 2: "unknown"}[row.status]
        for line in lines(found.criteria):
            if line.kind == "fact" and not line.unknown:
                assert isinstance(line.source, Origin), line
                seen = observed[line.source.observation]
                assert line.name in seen.facts or any(
                    line.name in record for level in seen.records.values() for record in level.values()
                )
                assert "2017-12-20" in line.source
                linked += 1
    assert linked > 50


def test_a_value_recorded_after_the_run_is_not_named_as_its_source(county: Registered, hire: Hire) -> None:
    run = screened(county)
    duty = hire(Role.VILLAGE_OFFICER, county.area)
    row = Result.objects.filter(run=run, status=Status.POOR).order_by("number")[0]
    before = [line.source for line in lines(reasons(duty, run, row).criteria) if line.kind == "fact"]
    first = Observation.objects.filter(household=row.household_id, person=None).get()
    later = Observation.objects.create(
        household_id=row.household_id,
        facts=first.facts,
        records=first.records,
        source="poverty_office",
        observed_on=date(2017, 12, 29),
        recorded_at=datetime(2090, 1, 1, tzinfo=UTC),
        officer=county.officer,
    )
    after = [line.source for line in lines(reasons(duty, run, row).criteria) if line.kind == "fact"]
    assert after == before
    assert later.pk not in [source.observation for source in after if isinstance(source, Origin)]


def test_sensitive_values_are_kept_from_who_has_no_duty_there(county: Registered, hire: Hire) -> None:
    run = screened(county)
    sensitive = sensitive_in(policy_of(county.version))
    assert ("claim", "total_cost") in sensitive.facts
    assert {"medical_cost", "income_after_medical_cost", "labourers", "cause_illness"} <= sensitive.rules
    open_to, kept_from = hire(Role.VILLAGE_OFFICER, county.area), hire(Role.ANALYST, county.area)
    hidden = 0
    for row in Result.objects.filter(run=run).order_by("number")[:25]:
        shown = {line.name: line.value for line in lines(reasons(open_to, run, row).criteria)}
        for line in lines(reasons(kept_from, run, row).criteria):
            if is_kept(line, sensitive):
                assert line.value == "not shown: sensitive"
                assert line.answer is None
                assert not line.source
                assert not line.children
                assert shown[line.name] != line.value
                hidden += 1
    assert hidden > 0


def test_the_answer_of_a_households_criterion_stays_where_what_it_rests_on_is_hidden(
    county: Registered, hire: Hire
) -> None:
    """Whether a child is kept home by illness decides schooling: the answer is read, the illness is not."""
    run = screened(county)
    analyst, duty = hire(Role.ANALYST, county.area), hire(Role.VILLAGE_OFFICER, county.area)
    answered = 0
    for row in Result.objects.filter(run=run).order_by("number")[:25]:
        kept, whole = reasons(analyst, run, row).criteria, reasons(duty, run, row).criteria
        assert [(one.name, one.answer) for one in kept] == [(one.name, one.answer) for one in whole]
        for one in kept:
            hidden = [line for line in lines(one.children) if line.value == "not shown: sensitive"]
            answered += bool(hidden) and one.answer is not None
    assert answered > 0


def test_reasons_outside_the_officers_places_are_not_found(county: Registered, hire: Hire) -> None:
    run = screened(county)
    townships = list(Area.objects.filter(depth=4).order_by("path"))
    officer = hire(Role.VILLAGE_OFFICER, townships[0])
    outside = Result.objects.filter(run=run).exclude(area_path__startswith=townships[0].path)[0]
    with pytest.raises(HearthlineError) as failure:
        reasons(officer, run, outside)
    assert failure.value.code == "runs.no-result"
    with pytest.raises(HearthlineError) as refusal:
        reasons(hire(Role.VIEWER, county.area), run, outside)
    assert refusal.value.code == "accounts.not-permitted"


def test_no_reason_is_given_where_the_row_says_otherwise(county: Registered) -> None:
    run = screened(county)
    row = Result.objects.filter(run=run, status=Status.POOR).order_by("number")[0]
    Result.objects.filter(pk=row.pk).update(status=Status.NOT_POOR)
    with pytest.raises(HearthlineError) as failure:
        reasons(county.officer, run, row)
    assert failure.value.code == "reasons.disagree"


def test_short_reasons_tell_what_is_met_in_one_line(county: Registered) -> None:
    run = screened(county)
    row = Result.objects.filter(run=run, status=Status.POOR).order_by("number")[0]
    for short, whole in zip(
        reasons(county.officer, run, row, whole=False).criteria,
        reasons(county.officer, run, row).criteria,
        strict=True,
    ):
        assert (short.text, short.value, short.answer) == (whole.text, whole.value, whole.answer)
        assert not short.children if short.answer is True else short.children == whole.children


def test_a_run_made_before_runs_were_sealed_says_that_it_must_be_made_again(
    county: Registered, client: Visitor
) -> None:
    run = screened(county)
    row = Result.objects.filter(run=run, status=Status.POOR).order_by("number")[0]
    (settings.HOME / run.folder / "run.sha256").unlink()
    _OPENED.clear()
    with pytest.raises(HearthlineError) as failure:
        reasons(county.officer, run, row)
    assert failure.value.code == "runs.made-unsealed"
    assert county.area.name in failure.value.sentence
    Activation.objects.create(
        version=run.version,
        area=county.area,
        area_path=county.area.path,
        starts_on=date(2014, 1, 1),
        activated_at=run.screened_at,
        activated_by=county.officer,
    )
    client.force_login(county.officer)
    answer = client.get(f"/households/{row.household_id}/reasons/")
    text = answer.content.decode()
    assert "ask for a new screening" in text, text[text.index("<main") :]
