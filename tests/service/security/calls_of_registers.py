# SPDX-License-Identifier: Apache-2.0
"""Decides how the services and queries of the registry are called, and what each needs."""

from __future__ import annotations

from collections.abc import Mapping

from hearthline.registry import queries as registry
from hearthline.registry import services as registry_services
from hearthline.registry.brought import (
    households_changed,
    households_new,
    households_of_people,
)
from hearthline.registry.effects import effects_of
from hearthline.registry.rules import (
    CORRECT_IDENTITY,
    ERASE_IDENTITY,
    OBSERVE,
    OPEN_HOUSEHOLD,
    OPEN_SENSITIVE,
    REBUILD_CURRENT,
    VIEW_HOUSEHOLD,
    VIEW_IMPORTS,
)
from hearthline.registry.services.caches import rebuild_current
from hearthline.registry.services.households import household_to_change
from hearthline.registry.sharing import person_to_settle, shared_ids, shares_id
from tests.service.security.call import (
    HOUSEHOLD,
    IMPORT,
    LONG_AGO,
    REASON,
    TODAY,
    Call,
    in_list,
    is_everywhere,
)

REGISTRY: Mapping[str, Call] = {
    "search": Call(
        needs=HOUSEHOLD,
        do=lambda by, to, world: registry.search(by=by, on=TODAY(), text=to.household.number),
        lists=lambda given, to: to.household.pk in [one.household_id for one in given],  # type: ignore[attr-defined]  # what was found
    ),
    "search_register": Call(
        needs=HOUSEHOLD,
        do=lambda by, to, world: registry_services.search_register(
            by=by, on=TODAY(), text=to.household.number
        ),
        lists=lambda given, to: to.household.pk in [one.household_id for one in given],  # type: ignore[attr-defined]  # the same
    ),
    "household_in_scope": Call(
        needs=HOUSEHOLD,
        do=lambda by, to, world: registry.household_in_scope(
            by=by, on=TODAY(), household_id=to.household.pk
        ),
    ),
    "get_household": Call(
        needs=HOUSEHOLD,
        do=lambda by, to, world: registry.get_household(by=by, on=TODAY(), household_id=to.household.pk),
    ),
    "history_of": Call(
        needs=HOUSEHOLD,
        do=lambda by, to, world: registry.history_of(by=by, on=TODAY(), household_id=to.household.pk),
    ),
    "households_in": Call(
        needs=HOUSEHOLD,
        do=lambda by, to, world: registry.households_in(by=by, on=TODAY(), area=to.area),
        lists=lambda given, to: in_list(given, to.household),
    ),
    "facts_of_area": Call(
        needs=HOUSEHOLD,
        do=lambda by, to, world: registry.facts_of_area(by=by, on=TODAY(), area=to.area),
    ),
    "imports_in": Call(
        needs=(VIEW_IMPORTS,),
        do=lambda by, to, world: registry.imports_in(by=by, on=TODAY()),
        lists=lambda given, to: in_list(given, to.imported),
    ),
    "imports_since": Call(
        needs=(VIEW_IMPORTS,),
        do=lambda by, to, world: registry.imports_since(by=by, on=TODAY(), since=LONG_AGO),
        lists=lambda given, to: in_list(given, to.imported),
    ),
    "get_import": Call(
        needs=(VIEW_IMPORTS,),
        do=lambda by, to, world: registry.get_import(by=by, on=TODAY(), import_id=to.imported.pk),
    ),
    "households_new": Call(
        needs=(VIEW_IMPORTS, VIEW_HOUSEHOLD),
        do=lambda by, to, world: households_new(by=by, on=TODAY(), import_id=to.imported.pk),
    ),
    "households_changed": Call(
        needs=(VIEW_IMPORTS, VIEW_HOUSEHOLD),
        do=lambda by, to, world: households_changed(by=by, on=TODAY(), import_id=to.imported.pk),
    ),
    "households_of_people": Call(
        needs=HOUSEHOLD,
        do=lambda by, to, world: households_of_people(by=by, on=TODAY(), numbers=[to.person.number]),
        lists=lambda given, to: to.household.pk in given.values(),  # type: ignore[attr-defined]  # a dict of numbers
    ),
    "places_to_import": Call(
        needs=IMPORT,
        do=lambda by, to, world: (
            # the list of everywhere stops some levels below its top, above these places
            [(str(to.area.pk), "")] * bool(registry.places_to_import(by=by, on=TODAY()))
            if is_everywhere(by)
            else registry.places_to_import(by=by, on=TODAY())
        ),
        lists=lambda given, to: str(to.area.pk) in dict(given),  # type: ignore[call-overload]  # a list of pairs makes a dict
    ),
    "get_observation": Call(
        needs=HOUSEHOLD,
        do=lambda by, to, world: registry.get_observation(
            by=by, on=TODAY(), observation_id=to.observation.pk
        ),
    ),
    "look_at_observation": Call(
        needs=HOUSEHOLD,
        do=lambda by, to, world: registry_services.look_at_observation(
            by=by, on=TODAY(), observation_id=to.of_area.pk
        ),
    ),
    "look_at_household": Call(
        needs=HOUSEHOLD,
        do=lambda by, to, world: registry_services.look_at_household(
            by=by, on=TODAY(), household_id=to.household.pk
        ),
    ),
    "hand_out_refused": Call(
        needs=(VIEW_IMPORTS,),
        do=lambda by, to, world: registry_services.hand_out_refused(
            by=by, on=TODAY(), import_id=to.imported.pk
        ),
    ),
    "open_household": Call(
        needs=(OPEN_HOUSEHOLD,),
        do=lambda by, to, world: registry_services.open_household(
            by=by, on=TODAY(), area_id=to.area.pk, number=f"NEW-{to.place}"
        ),
    ),
    "add_member": Call(
        needs=(OPEN_HOUSEHOLD,),
        do=lambda by, to, world: registry_services.add_member(
            by=by, on=TODAY(), household_id=to.household.pk, name="李四"
        ),
    ),
    "household_to_change": Call(
        needs=(OPEN_HOUSEHOLD,),
        do=lambda by, to, world: household_to_change(by=by, on=TODAY(), household_id=to.household.pk),
    ),
    "end_membership": Call(
        needs=(OPEN_HOUSEHOLD,),
        do=lambda by, to, world: registry_services.end_membership(
            by=by, on=TODAY(), household_id=to.household.pk, person_id=to.person.pk, ends_on=TODAY()
        ),
    ),
    "observe": Call(
        needs=(OBSERVE,),
        do=lambda by, to, world: registry_services.observe(
            by=by, on=TODAY(), household_id=to.household.pk, source="visit", facts={"dangerous_house": True}
        ),
    ),
    "observe_area": Call(
        needs=(OBSERVE,),
        do=lambda by, to, world: registry_services.observe_area(
            by=by, on=TODAY(), area_id=to.area.pk, source="poverty_office", facts={"poor_village": True}
        ),
    ),
    "write_visit": Call(
        needs=(OBSERVE,),
        do=lambda by, to, world: registry_services.write_visit(
            by=by, on=TODAY(), household_id=to.household.pk, person_id=None, source="visit",
            facts={"dangerous_house": True}, lines={}, observed_on=TODAY(), evidence="", version=None,
            token="",
        ),
    ),
    "correct_value": Call(
        needs=(OBSERVE,),
        do=lambda by, to, world: registry_services.correct_value(
            by=by, on=TODAY(), observation_id=to.observation.pk, fact="size", value=17, reason=REASON
        ),
    ),
    "effects_of": Call(
        needs=HOUSEHOLD,
        do=lambda by, to, world: effects_of(
            by=by, on=TODAY(), household_id=to.household.pk, observation_id=to.observation.pk
        ),
    ),
    "enter_household": Call(
        needs=(OPEN_HOUSEHOLD,),
        do=lambda by, to, world: registry_services.enter_household(
            by=by, on=TODAY(), area_id=to.area.pk, number=f"NEW-{to.place}",
            head=registry_services.GivenPerson("李四"), source="visit",
        ),
    ),
    "enter_member": Call(
        needs=(OPEN_HOUSEHOLD,),
        do=lambda by, to, world: registry_services.enter_member(
            by=by, on=TODAY(), household_id=to.household.pk,
            person=registry_services.GivenPerson("李四"), source="visit",
        ),
    ),
    "record_leaving": Call(
        needs=(OPEN_HOUSEHOLD,),
        do=lambda by, to, world: registry_services.record_leaving(
            by=by, on=TODAY(), household_id=to.household.pk, person_id=to.person.pk, ends_on=TODAY(),
            facts={}, source="visit",
        ),
    ),
    "shared_ids": Call(
        needs=(CORRECT_IDENTITY,),
        do=lambda by, to, world: shared_ids(by=by, on=TODAY()),
        lists=lambda given, to: any(to.person in one.people for one in given),  # type: ignore[attr-defined]  # a list
    ),
    "shares_id": Call(
        needs=(CORRECT_IDENTITY,),
        do=lambda by, to, world: shares_id(by=by, on=TODAY(), person_id=to.person.pk),
    ),
    "person_to_settle": Call(
        needs=(CORRECT_IDENTITY,),
        do=lambda by, to, world: person_to_settle(by=by, on=TODAY(), person_id=to.person.pk),
    ),
    "correct_identity": Call(
        needs=(CORRECT_IDENTITY,),
        do=lambda by, to, world: registry_services.correct_identity(
            by=by, on=TODAY(), person_id=to.person.pk, national_id="", reason=REASON
        ),
    ),
    "open_sensitive": Call(
        needs=(OPEN_SENSITIVE,),
        do=lambda by, to, world: registry_services.open_sensitive(
            by=by, on=TODAY(), person_id=to.person.pk, field="national_id", reason=REASON
        ),
    ),
    "erase_identity": Call(
        needs=(ERASE_IDENTITY,),
        do=lambda by, to, world: registry_services.erase_identity(
            by=by, on=TODAY(), person_id=to.person.pk, reason=REASON
        ),
    ),
    "rebuild_current": Call(
        needs=(REBUILD_CURRENT,),
        do=lambda by, to, world: rebuild_current(by=by, on=TODAY(), area_path=to.area.path),
    ),
    "request_import": Call(
        needs=IMPORT,
        reach=frozenset(),
        where=frozenset(),
        do=lambda by, to, world: registry_services.request_import(
            by=by, on=TODAY(), area_id=0 if is_everywhere(by) or to.place == "own" else to.area.pk,
            title="", map_text="", files=[],
        ),
    ),
    "request_loading": Call(
        needs=IMPORT,
        do=lambda by, to, world: registry_services.request_loading(
            by=by,
            on=TODAY(),
            area_id=to.area.pk,
            title="snapshot",
            snapshot=world.county.home / "none",
            identities=world.county.home / "none",
            content_hash="0" * 64,
            observed_on=TODAY(),
        ),
    ),
    "undo_import": Call(
        needs=IMPORT,
        do=lambda by, to, world: registry_services.undo_import(
            by=by, on=TODAY(), import_id=to.imported.pk
        ),
    ),
}  # fmt: skip
