# SPDX-License-Identifier: Apache-2.0
"""Decides the first tables of registry."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import hearthline.registry.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("areas", "0001_initial"),
        ("policy", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Household",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=60)),
                ("area_path", models.CharField(max_length=108)),
                ("head_name", models.CharField(default="", max_length=80)),
                ("members", models.PositiveIntegerField(default=0)),
                ("registered_on", models.DateField()),
                ("closed_on", models.DateField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "area",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="areas.area",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=70)),
                ("area_path", models.CharField(max_length=108)),
                ("name", models.CharField(max_length=80)),
                ("pinyin", models.CharField(default="", max_length=160)),
                ("initials", models.CharField(default="", max_length=40)),
                ("id_index", models.CharField(default="", max_length=32)),
                ("is_head", models.BooleanField(default=False)),
                ("closed_on", models.DateField(null=True)),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.household"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Identity",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="registry.person",
                    ),
                ),
                ("wrapped_key", models.BinaryField()),
                ("sealed", models.BinaryField()),
                ("digest", models.CharField(default="", max_length=32)),
                ("erased_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Observation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("facts", hearthline.registry.fields.DocumentField(default=dict)),
                ("records", hearthline.registry.fields.DocumentField(default=dict)),
                ("source", models.CharField(max_length=40)),
                ("observed_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                ("evidence", models.CharField(default="", max_length=300)),
                ("digest", models.CharField(default="", max_length=32)),
                (
                    "area",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="areas.area",
                    ),
                ),
                (
                    "corrects",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.observation",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.household",
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.person",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AreaFacts",
            fields=[
                ("facts", hearthline.registry.fields.DocumentField(default=dict)),
                ("records", hearthline.registry.fields.DocumentField(default=dict)),
                ("origins", hearthline.registry.fields.DocumentField(default=dict)),
                (
                    "area",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="areas.area",
                    ),
                ),
                (
                    "observation",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="registry.observation",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RegisterImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("content_hash", models.CharField(max_length=64)),
                ("area_path", models.CharField(max_length=108)),
                ("title", models.CharField(max_length=200)),
                ("folder", models.CharField(max_length=200)),
                ("source", models.CharField(max_length=40)),
                ("sources", models.JSONField(default=dict)),
                ("observed_on", models.DateField()),
                ("requested_at", models.DateTimeField()),
                ("job_id", models.BigIntegerField(null=True)),
                ("report", models.JSONField(default=dict)),
                ("finished_at", models.DateTimeField(null=True)),
                ("undo_job_id", models.BigIntegerField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="areas.area"
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policy.packageversion",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="person",
            name="opened_by",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.registerimport",
            ),
        ),
        migrations.AddField(
            model_name="observation",
            name="brought_by",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.registerimport",
            ),
        ),
        migrations.AddField(
            model_name="household",
            name="opened_by",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.registerimport",
            ),
        ),
        migrations.CreateModel(
            name="HouseholdFacts",
            fields=[
                ("facts", hearthline.registry.fields.DocumentField(default=dict)),
                ("records", hearthline.registry.fields.DocumentField(default=dict)),
                ("origins", hearthline.registry.fields.DocumentField(default=dict)),
                (
                    "household",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="registry.household",
                    ),
                ),
                (
                    "observation",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="registry.observation",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PersonFacts",
            fields=[
                ("facts", hearthline.registry.fields.DocumentField(default=dict)),
                ("records", hearthline.registry.fields.DocumentField(default=dict)),
                ("origins", hearthline.registry.fields.DocumentField(default=dict)),
                (
                    "person",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="registry.person",
                    ),
                ),
                (
                    "observation",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="registry.observation",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(null=True)),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.household"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("ends_on__isnull", False)),
                        fields=["person"],
                        name="registry_past_memberships",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="registry_membership_period",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ends_on__isnull", True)),
                        fields=("person",),
                        name="registry_one_household_at_a_time",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="registerimport",
            index=models.Index(fields=["area_path", "id"], name="registry_imports_of_area"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                condition=models.Q(("id_index", ""), _negated=True),
                fields=["id_index"],
                name="registry_people_by_id",
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["name"], name="registry_people_by_name"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["pinyin"], name="registry_people_by_pinyin"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["initials"], name="registry_people_by_initials"),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.UniqueConstraint(fields=("number",), name="registry_one_person_per_number"),
        ),
        migrations.AddIndex(
            model_name="observation",
            index=models.Index(
                condition=models.Q(("person__isnull", False)),
                fields=["person"],
                name="registry_observed_people",
            ),
        ),
        migrations.AddIndex(
            model_name="observation",
            index=models.Index(
                condition=models.Q(("area__isnull", False)), fields=["area"], name="registry_observed_areas"
            ),
        ),
        migrations.AddConstraint(
            model_name="observation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("area__isnull", True), ("household__isnull", False)),
                    models.Q(("area__isnull", False), ("household__isnull", True), ("person__isnull", True)),
                    _connector="OR",
                ),
                name="registry_observation_of_one_subject",
            ),
        ),
        migrations.AddIndex(
            model_name="household",
            index=models.Index(fields=["area_path", "number"], name="registry_households_of_area"),
        ),
        migrations.AddConstraint(
            model_name="household",
            constraint=models.UniqueConstraint(fields=("number",), name="registry_one_household_per_number"),
        ),
    ]
