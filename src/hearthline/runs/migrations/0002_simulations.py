# SPDX-License-Identifier: Apache-2.0
"""Decides the tables of simulations: what was asked and answered, and the households that would change."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("areas", "0002_names"),
        ("policy", "0002_immutable"),
        ("registry", "0002_append_only"),
        ("runs", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Simulation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_path", models.CharField(max_length=108)),
                ("asked", models.JSONField(default=dict)),
                ("answer", models.JSONField(default=dict)),
                ("folder", models.CharField(max_length=200)),
                ("made_at", models.DateTimeField()),
                ("job_id", models.BigIntegerField(null=True)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="areas.area"
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="runs.run"
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
            name="SimulatedHousehold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area_path", models.CharField(max_length=108)),
                ("change", models.CharField(max_length=24)),
                ("rules", models.TextField(blank=True)),
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
                    "simulation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="runs.simulation",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="simulation",
            index=models.Index(fields=["area_path"], name="runs_simulations_of_area"),
        ),
        migrations.AddConstraint(
            model_name="simulation",
            constraint=models.UniqueConstraint(fields=("job_id",), name="runs_one_simulation_per_job"),
        ),
        migrations.AddIndex(
            model_name="simulatedhousehold",
            index=models.Index(
                fields=["simulation", "area_path", "household"], name="runs_simulated_of_area"
            ),
        ),
        migrations.AddConstraint(
            model_name="simulatedhousehold",
            constraint=models.UniqueConstraint(
                fields=("simulation", "household"), name="runs_household_simulated_once"
            ),
        ),
    ]
