# SPDX-License-Identifier: Apache-2.0
"""Decides the first tables of jobs."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Job",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("payload", models.JSONField(default=dict)),
                ("key", models.CharField(max_length=120, null=True, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("area_path", models.CharField(max_length=108)),
                ("requested_at", models.DateTimeField()),
                ("run_after", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("attempts_allowed", models.PositiveSmallIntegerField(default=3)),
                ("worker", models.CharField(default="", max_length=80)),
                ("lease_until", models.DateTimeField(null=True)),
                ("cancel_asked", models.BooleanField(default=False)),
                ("stage", models.CharField(default="", max_length=60)),
                ("done", models.BigIntegerField(default=0)),
                ("total", models.BigIntegerField(null=True)),
                ("cursor", models.JSONField(null=True)),
                ("result", models.JSONField(null=True)),
                ("problem", models.JSONField(null=True)),
                (
                    "officer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state", "run_after"], name="jobs_waiting"),
                    models.Index(fields=["area_path", "id"], name="jobs_of_area"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["waiting", "running", "done", "failed", "cancelled"])
                        ),
                        name="jobs_known_state",
                    )
                ],
            },
        ),
    ]
