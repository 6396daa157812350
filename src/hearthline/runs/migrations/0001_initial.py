# SPDX-License-Identifier: Apache-2.0
"""Decides the first tables of runs."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("areas", "0001_initial"),
        ("policy", "0001_initial"),
        ("registry", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Snapshot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_path", models.CharField(max_length=108)),
                ("as_of", models.DateField()),
                ("known_at", models.DateTimeField()),
                ("folder", models.CharField(max_length=200)),
                ("hash", models.CharField(max_length=64)),
                ("households", models.PositiveBigIntegerField()),
                ("people", models.PositiveBigIntegerField()),
                ("taken_at", models.DateTimeField()),
                ("job_id", models.BigIntegerField(null=True)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="areas.area"
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
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
        migrations.CreateModel(
            name="Run",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_path", models.CharField(max_length=108)),
                ("on", models.DateField()),
                ("folder", models.CharField(max_length=200)),
                ("record", models.JSONField(default=dict)),
                ("names", models.JSONField(default=dict)),
                ("active", models.BooleanField(default=False)),
                ("loaded", models.BooleanField(default=False)),
                ("screened_at", models.DateTimeField()),
                ("job_id", models.BigIntegerField(null=True)),
                ("forgotten_at", models.DateTimeField(null=True)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="areas.area"
                    ),
                ),
                (
                    "screened_by",
                    models.ForeignKey(
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
                (
                    "snapshot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="runs.snapshot"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Result",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveBigIntegerField()),
                ("area_path", models.CharField(max_length=108)),
                ("people", models.PositiveSmallIntegerField()),
                (
                    "status",
                    models.PositiveSmallIntegerField(choices=[(0, "Not Poor"), (1, "Poor"), (2, "Unknown")]),
                ),
                ("not_met", models.BigIntegerField()),
                ("unknown", models.BigIntegerField()),
                ("causes", models.BigIntegerField()),
                (
                    "household",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.household",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="runs.run",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["run", "area_path", "household"], name="runs_results_of_area")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("household", "run"), name="runs_one_result_per_household")
                ],
            },
        ),
        migrations.CreateModel(
            name="AreaFigures",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_path", models.CharField(max_length=108)),
                ("households", models.PositiveBigIntegerField()),
                ("people", models.PositiveBigIntegerField()),
                ("poor_households", models.PositiveBigIntegerField()),
                ("poor_people", models.PositiveBigIntegerField()),
                ("unknown_households", models.PositiveBigIntegerField()),
                ("unknown_people", models.PositiveBigIntegerField()),
                ("criteria", models.JSONField(default=dict)),
                ("causes", models.JSONField(default=dict)),
                ("protected", models.JSONField(default=dict)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="areas.area"
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="runs.run",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["run", "area_path"], name="runs_figures_of_area")],
                "constraints": [
                    models.UniqueConstraint(fields=("run", "area"), name="runs_one_figure_per_area")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="snapshot",
            constraint=models.UniqueConstraint(fields=("job_id",), name="runs_one_snapshot_per_job"),
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(fields=["area_path", "active"], name="runs_of_area"),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.UniqueConstraint(
                condition=models.Q(("active", True)), fields=("area",), name="runs_one_active_run_per_area"
            ),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.UniqueConstraint(fields=("job_id",), name="runs_one_run_per_job"),
        ),
    ]
