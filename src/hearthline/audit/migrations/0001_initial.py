# SPDX-License-Identifier: Apache-2.0
"""Decides the first tables of audit."""

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
            name="AuditRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("on", models.DateField()),
                ("officer_name", models.CharField(max_length=80)),
                ("action", models.CharField(max_length=60)),
                ("subject", models.CharField(max_length=40)),
                ("subject_id", models.CharField(max_length=64)),
                ("area_path", models.CharField(max_length=108)),
                ("facts", models.JSONField(default=dict)),
                (
                    "officer",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("chain", models.CharField(max_length=108)),
                ("number", models.PositiveBigIntegerField()),
                ("hash", models.CharField(max_length=64)),
                ("sealed_at", models.DateTimeField()),
                ("last_row", models.BigIntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["sealed_at"], name="audit_head_time")],
                "constraints": [
                    models.UniqueConstraint(fields=("chain", "number"), name="audit_one_head_per_number")
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditLink",
            fields=[
                (
                    "row",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="audit.auditrow",
                    ),
                ),
                ("chain", models.CharField(max_length=108)),
                ("number", models.PositiveBigIntegerField()),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("chain", "number"), name="audit_one_link_per_number")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="auditrow",
            index=models.Index(fields=["subject", "subject_id", "id"], name="audit_of_subject"),
        ),
        migrations.AddIndex(
            model_name="auditrow",
            index=models.Index(fields=["area_path", "id"], name="audit_of_area"),
        ),
        migrations.AddIndex(
            model_name="auditrow",
            index=models.Index(fields=["officer", "id"], name="audit_of_officer"),
        ),
        migrations.AddIndex(
            model_name="auditrow",
            index=models.Index(fields=["action", "id"], name="audit_of_action"),
        ),
    ]
