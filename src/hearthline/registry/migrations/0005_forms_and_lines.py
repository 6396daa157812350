# SPDX-License-Identifier: Apache-2.0
"""Decides where it is kept which forms were sent, and from which line of which file a row came."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0004_replaced"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="observation",
            name="file_number",
            field=models.SmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="observation",
            name="line",
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name="registerimport",
            name="files",
            field=models.JSONField(null=True),
        ),
        migrations.CreateModel(
            name="SentForm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token", models.CharField(max_length=32)),
                ("contents", models.CharField(max_length=64)),
                ("made", models.JSONField(default=dict)),
                ("sent_at", models.DateTimeField()),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("officer", "token"), name="registry_form_sent_once")
                ],
            },
        ),
    ]
