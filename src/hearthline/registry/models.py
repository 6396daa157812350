# SPDX-License-Identifier: Apache-2.0
"""Decides how the register is stored: households, people, who belongs to whom, what was observed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from hearthline.areas.models import Area
from hearthline.policy.models import PackageVersion
from hearthline.registry.fields import DocumentField


class RegisterImport(models.Model):
    """One import of an existing register: files and map by hash, its counts, whether it was undone.

    ``sources`` says for every level and fact from which source it came and of which day it speaks, where
    that is not the source and the day of the whole import: {level: {fact: [source, day]}}.
    """

    content_hash = models.CharField(max_length=64)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=108)
    version = models.ForeignKey(PackageVersion, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    folder = models.CharField(max_length=200)
    source = models.CharField(max_length=40)
    sources = models.JSONField(default=dict)
    files = models.JSONField(null=True)
    """The names of its files, by the number under which an observation names one."""
    observed_on = models.DateField()
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    job_id = models.BigIntegerField(null=True)
    report = models.JSONField(default=dict)
    finished_at = models.DateTimeField(null=True)
    undo_job_id = models.BigIntegerField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        indexes = (models.Index(fields=["area_path", "id"], name="registry_imports_of_area"),)


class Household(models.Model):
    """One household: its public number, where it lives, and the words a list shows of it.

    ``version`` counts its changes: who changes it says which version he saw.
    """

    number = models.CharField(max_length=60)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, db_index=False, related_name="+")
    area_path = models.CharField(max_length=108)
    head_name = models.CharField(max_length=80, default="")
    members = models.PositiveIntegerField(default=0)
    registered_on = models.DateField()
    closed_on = models.DateField(null=True)
    opened_by = models.ForeignKey(
        RegisterImport, on_delete=models.PROTECT, null=True, db_constraint=False, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["number"], name="registry_one_household_per_number"),)
        indexes = (models.Index(fields=["area_path", "number"], name="registry_households_of_area"),)


class Person(models.Model):
    """One person: the name as written, in pinyin and initials, and the present household.

    ``id_index`` is a keyed HMAC of the national ID, so that it is found without being readable. An import is
    named without a key of the database: it writes its rows while it holds its own, and a million checks of
    one and the same row are not worth their time.
    """

    number = models.CharField(max_length=70)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=108)
    name = models.CharField(max_length=80)
    pinyin = models.CharField(max_length=160, default="")
    initials = models.CharField(max_length=40, default="")
    id_index = models.CharField(max_length=32, default="")
    is_head = models.BooleanField(default=False)
    closed_on = models.DateField(null=True)
    opened_by = models.ForeignKey(
        RegisterImport,
        on_delete=models.PROTECT,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )

    class Meta:
        constraints = (models.UniqueConstraint(fields=["number"], name="registry_one_person_per_number"),)
        indexes = (
            models.Index(fields=["id_index"], condition=~Q(id_index=""), name="registry_people_by_id"),
            models.Index(fields=["name"], name="registry_people_by_name"),
            models.Index(fields=["pinyin"], name="registry_people_by_pinyin"),
            models.Index(fields=["initials"], name="registry_people_by_initials"),
            models.Index(fields=["area_path"], name="registry_people_of_area"),
        )


class Identity(models.Model):
    """What identifies a person, sealed with AES-GCM under a key of the person's own.

    The person's key is wrapped by the key outside the database; lawful erasure destroys it (both
    columns become empty), and nothing can open the rest. ``digest`` is a keyed hash of what is sealed, to
    tell whether it changed.
    """

    person = models.OneToOneField(Person, on_delete=models.PROTECT, primary_key=True, related_name="+")
    wrapped_key = models.BinaryField()
    sealed = models.BinaryField()
    digest = models.CharField(max_length=32, default="")
    erased_at = models.DateTimeField(null=True)


class Membership(models.Model):
    """A person in a household from one day to another (None: until further notice)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, db_index=False, related_name="+")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="registry_membership_period",
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(ends_on__isnull=True), name="registry_one_household_at_a_time"
            ),
        )
        indexes = (
            models.Index(
                fields=["person"], condition=Q(ends_on__isnull=False), name="registry_past_memberships"
            ),
        )


class Replaced(models.Model):
    """What an import wrote over of a household or person known before: its undoing brings it back.

    Of a household its place and the name of its head, of a person names, index and sealed identity; of one
    who had left and is listed anew, the same.
    The next import over the same row keeps what this one had written; erasure empties it.
    """

    brought_by = models.ForeignKey(
        RegisterImport, on_delete=models.PROTECT, db_constraint=False, related_name="+"
    )
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    name = models.CharField(max_length=80, default="")
    pinyin = models.CharField(max_length=160, default="")
    initials = models.CharField(max_length=40, default="")
    id_index = models.CharField(max_length=32, default="")
    wrapped_key = models.BinaryField(null=True)
    sealed = models.BinaryField(null=True)
    digest = models.CharField(max_length=32, default="")


class Observation(models.Model):
    """What one visit, declaration, department record or import says of one household, person or area.

    Never edited: triggers refuse it. ``facts``: name of the dictionary to value; ``records``: level to key
    to facts, such as income lines; a level that is named replaces what was known of that level before.
    Values are written as :mod:`hearthline.registry.documents` says. A correction is another row that names
    the one it corrects and holds the corrected facts only. ``digest`` tells equal contents.
    """

    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    facts = DocumentField(default=dict)
    records = DocumentField(default=dict)
    source = models.CharField(max_length=40)
    observed_on = models.DateField()
    recorded_at = models.DateTimeField()
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        db_index=False,
        db_constraint=False,
        related_name="+",
    )
    brought_by = models.ForeignKey(
        RegisterImport, on_delete=models.PROTECT, null=True, db_constraint=False, related_name="+"
    )
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    evidence = models.CharField(max_length=300, default="")
    file_number = models.SmallIntegerField(null=True)
    """Of an imported row: which of the files of the import, and the line in it."""
    line = models.IntegerField(null=True)
    digest = models.CharField(max_length=32, default="")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(household__isnull=False, area__isnull=True)
                | Q(household__isnull=True, person__isnull=True, area__isnull=False),
                name="registry_observation_of_one_subject",
            ),
        )
        indexes = (
            models.Index(
                fields=["person"], condition=Q(person__isnull=False), name="registry_observed_people"
            ),
            models.Index(fields=["area"], condition=Q(area__isnull=False), name="registry_observed_areas"),
        )


class SentForm(models.Model):
    """A form that was sent and done, so that sending it twice does it once.

    ``contents`` is a keyed hash of what it said, ``made`` names what came of it.
    """

    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    token = models.CharField(max_length=32)
    contents = models.CharField(max_length=64)
    made = models.JSONField(default=dict)
    sent_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["officer", "token"], name="registry_form_sent_once"),)


class CurrentFacts(models.Model):
    """Current values: a cache that can be rebuilt from the observations, to the byte.

    ``observation`` is where a value came from unless ``origins`` names another one for it: fact to number
    of the observation, and record level to the same. Nothing here is a key of the database, for a cache may
    be thrown away and made anew at any time.
    """

    facts = DocumentField(default=dict)
    records = DocumentField(default=dict)
    origins = DocumentField(default=dict)
    observation = models.ForeignKey(
        Observation, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )

    class Meta:
        abstract = True


class HouseholdFacts(CurrentFacts):
    """The current values of a household."""

    household = models.OneToOneField(
        Household, on_delete=models.PROTECT, primary_key=True, db_constraint=False, related_name="+"
    )


class PersonFacts(CurrentFacts):
    """The current values of a person."""

    person = models.OneToOneField(
        Person, on_delete=models.PROTECT, primary_key=True, db_constraint=False, related_name="+"
    )


class AreaFacts(CurrentFacts):
    """The current values of an area, such as whether its villages have a hard road."""

    area = models.OneToOneField(
        Area, on_delete=models.PROTECT, primary_key=True, db_constraint=False, related_name="+"
    )
