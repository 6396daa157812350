# SPDX-License-Identifier: Apache-2.0
"""Decides that an import writes observations as every other way does: the same texts, times and digests."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from hearthline.base.sealing import Keys
from hearthline.registry.documents import canonical, digest_of
from hearthline.registry.identities import Sealer, id_index, opened
from hearthline.registry.models import Observation
from hearthline.registry.rules import SEALED_FIELDS

from .conftest import Office
from .files import INCOME, imported

pytestmark = pytest.mark.django_db
MANY = 1_100
"""Records of one household: their numbers have four digits at the end, and sort as texts."""


KEYS = Keys(bytes(range(32)), bytes(range(32, 64)))


def test_an_imported_document_is_the_one_text_of_what_it_says(office: Office, tmp_path: Path) -> None:
    lines = "".join(f"1,{amount}\n" for amount in range(MANY))
    done = imported(office, tmp_path, income=INCOME.replace("1,1200.50\n1,300\n", lines))
    with connection.cursor() as cursor:
        cursor.execute(
            "select h.number, o.person_id, o.facts, o.records, o.digest from registry_observation o "
            "join registry_household h on h.id = o.household_id where o.brought_by_id = %s",
            [done.pk],
        )
        rows = cursor.fetchall()
    assert len(rows) == 7
    for _, _, facts, records, digest in rows:
        assert facts == canonical(json.loads(facts))
        assert records == canonical(json.loads(records))
        assert digest == digest_of(facts, records)
    of_households = {number: json.loads(records) for number, person, _, records, _ in rows if person is None}
    assert of_households["H-2"] == {"income_line": {}}
    assert [line["amount"] for line in of_households["H-3"]["income_line"].values()] == ["-40.00"]
    of_many = of_households["H-1"]["income_line"]
    assert len(of_many) == MANY
    assert {key: line["amount"] for key, line in of_many.items()} == {
        f"{place + 1:03d}": f"{place}.00" for place in range(MANY)
    }


def test_an_imported_observation_is_known_from_the_moment_it_was_recorded(
    office: Office, tmp_path: Path
) -> None:
    before = timezone.now()
    done = imported(office, tmp_path)
    brought = Observation.objects.filter(brought_by=done)
    assert brought.count() == 7
    assert brought.filter(recorded_at__gte=before, recorded_at__lte=timezone.now()).count() == 7


def test_times_that_earlier_imports_wrote_compare_with_all_others(office: Office, tmp_path: Path) -> None:
    kept = import_module("hearthline.registry.migrations.0002_append_only").SQLITE[0]
    rewrite = import_module("hearthline.registry.migrations.0007_times_as_written").rewrite
    done = imported(office, tmp_path)
    brought = Observation.objects.filter(brought_by=done)
    moments = set(brought.values_list("recorded_at", flat=True))
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("drop trigger registry_observation_kept")
            cursor.execute(
                "update registry_observation set recorded_at = replace(recorded_at, ' ', 'T') || '+00:00'"
            )
            cursor.execute(kept)
        assert not brought.filter(recorded_at__lte=timezone.now()).exists()
        rewrite(apps, connection.schema_editor(atomic=False))
        with pytest.raises(DatabaseError), transaction.atomic():
            brought.update(source="other")
    assert (
        set(brought.filter(recorded_at__lte=timezone.now()).values_list("recorded_at", flat=True)) == moments
    )


@given(
    st.text(min_size=1, max_size=70),
    st.fixed_dictionaries(dict.fromkeys(SEALED_FIELDS, st.text(max_size=20))),
)
def test_whatever_identifies_a_person_is_sealed_and_opened_as_it_was(
    number: str, fields: dict[str, str]
) -> None:
    sealer = Sealer(KEYS)
    sealed = sealer.seal(number, fields)
    held = {name: value for name, value in fields.items() if value}
    assert opened(KEYS, number, sealed.wrapped_key, sealed.sealed) == held
    assert sealed.digest == sealer.digest(held)
    assert sealed.id_index == id_index(KEYS, fields["national_id"])
