# SPDX-License-Identifier: Apache-2.0
"""Decides that the people of a place are found by it: who searches in a county need not read the nation's Li."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0005_forms_and_lines")]

    operations = [
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["area_path"], name="registry_people_of_area"),
        ),
    ]
