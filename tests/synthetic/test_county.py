# SPDX-License-Identifier: Apache-2.0
"""Decides that a generated county is whole: its people, places and facts fit together and the dictionary."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from hearthline.engine.rules.policy import Fact, Policy
from hearthline.engine.snapshots import Snapshot
from hearthline.engine.snapshots.reading import rows_of
from hearthline.synthetic import GenerationReport, words
from hearthline.synthetic.words import spelled
from tests.synthetic.conftest import Screened

SILENT = 8
"""What is asked only from 2019 on, and the whole household struck from the register."""
Made = tuple[GenerationReport, Snapshot]


def outside(fact: Fact, low: object, high: object) -> bool:
    """Whether stored extremes go beyond the bounds that a person reads."""
    if isinstance(low, int) and isinstance(high, int):
        low, high = (Decimal(value).scaleb(-fact.type.scale) for value in (low, high))
    below = isinstance(fact.minimum, Decimal | date) and low < fact.minimum  # type: ignore[operator]  # same kind
    above = isinstance(fact.maximum, Decimal | date) and high > fact.maximum  # type: ignore[operator]  # same kind
    return below or above


def test_the_county_has_its_townships_villages_and_people(county: Made) -> None:
    report, snapshot = county
    assert report.rows["household"] == snapshot.households == 5_000
    assert 16_500 < report.rows["person"] < 17_500
    depths = pc.value_counts(rows_of(snapshot, "area")["depth"]).to_pylist()
    assert [count["counts"] for count in depths] == [1, 1, 1, 10, 120]
    lived_in = set(rows_of(snapshot, "household")["area_id"].to_pylist())
    villages = rows_of(snapshot, "area").filter(pc.field("depth") == 4)["area_id"].to_pylist()
    assert lived_in <= set(villages)
    assert len(lived_in) == 120


def test_the_snapshot_serves_the_package_it_was_made_for(cn: Policy, county: Made) -> None:
    county[1].require(cn)
    county[1].verify()


def test_every_value_is_within_the_bounds_and_codes_of_the_dictionary(cn: Policy, county: Made) -> None:
    for level, facts in cn.facts.items():
        table = rows_of(county[1], level)
        for name, fact in facts.items():
            column = table[name]
            if fact.required:
                assert column.null_count == 0, name
            if column.null_count == len(column):
                continue
            if fact.codes:
                assert set(pc.unique(column.drop_null()).to_pylist()) <= set(fact.codes), name
            elif fact.minimum is not None or fact.maximum is not None:
                extremes = pc.min_max(column).as_py()
                assert not outside(fact, extremes["min"], extremes["max"]), name


def test_nearly_every_fact_is_known_of_someone(cn: Policy, county: Made) -> None:
    tables = {level: rows_of(county[1], level) for level in cn.facts}
    silent = [
        f"{level}.{name}"
        for level, facts in cn.facts.items()
        for name in facts
        if tables[level][name].null_count == tables[level].num_rows
    ]
    assert len(silent) <= SILENT, silent


def test_every_household_has_one_head_and_its_members_in_the_order_of_the_register(
    screened: Screened,
) -> None:
    heads = "select count(*) from person where relation = 'head'"
    assert screened.number(heads) == screened.number("select count(*) from household")
    assert (
        screened.number(
            "select max(heads) from (select count(*) filter (relation = 'head') as heads "
            "from person group by household_id)"
        )
        == 1
    )
    young = "select count(*) from person where relation = 'head' and year(birth_date) > 1999"
    assert screened.number(young) == 0


def test_nobody_is_married_or_at_work_as_a_child_or_born_after_a_child(screened: Screened) -> None:
    child = "from person where year(birth_date) > 2001"
    assert screened.number(f"select count(*) {child} and marital_status <> 'unmarried'") == 0
    assert screened.number(f"select count(*) {child} and labour_ability <> 'without'") == 0
    younger = (
        "select count(*) from person p join person h using (household_id) where h.relation = 'head' "
        "and p.relation = '{}' and (year(p.birth_date) - year(h.birth_date)) {} 15"
    )
    assert screened.number(younger.format("child", "<")) == 0
    assert screened.number(younger.format("parent", "> -")) == 0


def test_children_are_at_school_but_for_a_few(screened: Screened) -> None:
    of_age = "from people join person using (person_id) where of_school_age and counted"
    out = screened.number(f"select count(*) {of_age} and schooling = 'not met'")
    assert 0 < out < 0.01 * screened.number(f"select count(*) {of_age}")
    kept_home = screened.number(
        f"select count(*) {of_age} and dropout_reason = 'health' and (ill or disabled)"
    )
    assert kept_home > 0


def test_wages_fit_the_months_worked(screened: Screened) -> None:
    per_month = (
        "select quantile_cont(wage / months, {}) from (select household_id, sum(amount) / 100 as wage from "
        "income_line where class = 'wage' and status = 'received' and year(received_on) = 2017 and "
        "item <> 'public_job' group by 1) join (select household_id, sum(work_months) as months from person "
        "group by 1) using (household_id) where months > 0"
    )
    assert 500 < screened.number(per_month.format(0.05)) < screened.number(per_month.format(0.95)) < 7_000


def test_a_sale_is_quantity_times_price_to_somebody(screened: Screened) -> None:
    sold = "from income_line where class = 'business' and status = 'received'"
    assert screened.number(f"select max(abs(amount - quantity * unit_price / 100.0)) {sold}") <= 0.5
    assert screened.number(f"select avg((buyer_kind is null)::int) {sold}") < 0.01
    assert screened.number("select count(*) from income_line where class = 'unsold_stock'") > 100
    statuses = "select count(distinct (class, status)) from income_line"
    assert screened.number(statuses) >= 11


def test_dates_of_the_register_come_in_their_order(screened: Screened) -> None:
    for earlier, later in (
        ("registered_on", "exited_on"),
        ("registered_on", "helper_since"),
        ("dwelling_graded_on", "dwelling_accepted_on"),
        ("registered_on", "date '2018-01-01'"),
        ("exited_on", "date '2018-01-01'"),
    ):
        assert screened.number(f"select count(*) from household where {earlier} > {later}") == 0
    before_birth = (
        "select count(*) from person where identified_on < birth_date or died_on > date '2017-12-31'"
    )
    assert screened.number(before_birth) == 0


def test_names_stand_in_a_file_of_their_own_and_belong_to_nobody(county: Made) -> None:
    report, snapshot = county
    names = pq.read_table(report.names)
    people = names.filter(pc.is_valid(pc.field("person_id")))
    assert people["person_id"].to_pylist() == list(range(1, report.rows["person"] + 1))
    assert people["household_id"].to_pylist() == rows_of(snapshot, "person")["household_id"].to_pylist()
    surnames = {character for character, _ in words.SURNAMES}
    assert {name[0] for name in people["name"].to_pylist()} <= surnames
    assert {len(name) for name in people["name"].to_pylist()} == {3}
    places = names.filter(pc.is_valid(pc.field("area_id")))
    numbers = names["household_number"].drop_null().to_pylist()
    assert len(set(numbers)) == report.rows["household"]
    ids = people["national_id"].to_pylist()
    assert len(set(ids)) == len(ids)
    assert all(len(number) == 18 and number.startswith("99") for number in ids)
    assert places["name"].to_pylist() == rows_of(snapshot, "area")["area_name"].to_pylist()
    assert not any("name" in column for column in rows_of(snapshot, "person").column_names)


@pytest.mark.parametrize(
    ("text", "pinyin"),
    [((("荞", "qiáo"), ("花", "huā"), ("坳", "ào")), "Qiáohuā'ào"), ((("安", "ān"),), "Ān")],
)
def test_a_name_is_spelled_with_the_apostrophe_it_needs(
    text: tuple[tuple[str, str], ...], pinyin: str
) -> None:
    assert spelled(text) == pinyin
