# SPDX-License-Identifier: Apache-2.0
"""Decides how what an undone import wrote over comes back: names, identities, places of those known before.

Each import that changes a row keeps what stood there. Undoing the last of them puts it back into the row;
undoing one before hands it on to the next, so that imports can be undone in any order.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import F

from hearthline.registry.models import Household, Identity, Person, RegisterImport, Replaced

_COLUMNS = ("area_id", "name", "pinyin", "initials", "id_index", "wrapped_key", "sealed", "digest")


def bring_back(imported: RegisterImport, households: Collection[int]) -> None:
    """Bring back what an import wrote over in some households. Call it in the transaction of the undoing."""
    rows = Replaced.objects.select_related("area").filter(brought_by=imported, household__in=households)
    for row in rows.order_by("pk"):
        later = Replaced.objects.filter(household=row.household_id, person=row.person_id, pk__gt=row.pk)
        heir = later.order_by("pk").first()
        if heir is not None:
            Replaced.objects.filter(pk=heir.pk).update(**{name: getattr(row, name) for name in _COLUMNS})
        elif row.person_id is None:
            _household_back(row)
        else:
            _person_back(row)
        row.delete()


def _household_back(row: Replaced) -> None:
    Household.objects.filter(pk=row.household_id).update(head_name=row.name, version=F("version") + 1)
    if row.area is not None:
        path = row.area.path
        Household.objects.filter(pk=row.household_id).update(area=row.area, area_path=path)
        Person.objects.filter(household=row.household_id).update(area_path=path)


def _person_back(row: Replaced) -> None:
    standing = Identity.objects.filter(person=row.person_id, erased_at=None)
    if standing.update(wrapped_key=row.wrapped_key, sealed=row.sealed, digest=row.digest):
        Person.objects.filter(pk=row.person_id or 0).update(
            name=row.name, pinyin=row.pinyin, initials=row.initials, id_index=row.id_index
        )


def forget_replaced(person: Person) -> None:
    """Empty what is kept of a person whose identity is erased, for good."""
    empty = {"name": "", "pinyin": "", "initials": "", "id_index": "", "digest": ""}
    Replaced.objects.filter(person=person).update(**empty, wrapped_key=b"", sealed=b"")
    if person.is_head:
        Replaced.objects.filter(household=person.household_id, person=None).update(name="")
