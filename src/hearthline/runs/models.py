# SPDX-License-Identifier: Apache-2.0
"""Decides how screenings are stored: snapshots, runs, a narrow row per household, figures per area."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from hearthline.areas.models import Area
from hearthline.policy.models import PackageVersion
from hearthline.registry.models import Household


class Snapshot(models.Model):
    """A dated copy of the register of one area, as facts under opaque numbers, in a sealed folder."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=108)
    version = models.ForeignKey(PackageVersion, on_delete=models.PROTECT, related_name="+")
    as_of = models.DateField()
    known_at = models.DateTimeField()
    folder = models.CharField(max_length=200)
    hash = models.CharField(max_length=64)
    households = models.PositiveBigIntegerField()
    people = models.PositiveBigIntegerField()
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    job_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["job_id"], name="runs_one_snapshot_per_job"),)


class Run(models.Model):
    """A package applied to a snapshot. One run of an area is the active one; earlier ones are kept.

    ``loaded``: its results are complete in the database; until then, and once they are forgotten, no page
    shows it. The folder stays.
    """

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(PackageVersion, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=108)
    on = models.DateField()
    folder = models.CharField(max_length=200)
    record = models.JSONField(default=dict)
    names = models.JSONField(default=dict)
    active = models.BooleanField(default=False)
    loaded = models.BooleanField(default=False)
    screened_at = models.DateTimeField()
    screened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    job_id = models.BigIntegerField(null=True)
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["area"], condition=Q(active=True), name="runs_one_active_run_per_area"
            ),
            models.UniqueConstraint(fields=["job_id"], name="runs_one_run_per_job"),
        )
        indexes = (models.Index(fields=["area_path", "active"], name="runs_of_area"),)


class Simulation(models.Model):
    """What a changed package would say of the households of a run. It changes no status and no run.

    ``asked`` holds what was set and asked for; ``answer`` all figures, as ``simulation.documents`` writes
    them. The folder holds the changed package and the whole list.
    """

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(PackageVersion, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=108)
    asked = models.JSONField(default=dict)
    answer = models.JSONField(default=dict)
    folder = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    job_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["job_id"], name="runs_one_simulation_per_job"),)
        indexes = (models.Index(fields=["area_path"], name="runs_simulations_of_area"),)


class SimulatedHousehold(models.Model):
    """One household whose status would be another; ``change`` is a word of ``statistics.differences``.

    ``rules`` names the changed rules behind it, with commas between; empty where the standard itself is.
    """

    simulation = models.ForeignKey(Simulation, on_delete=models.CASCADE, related_name="+", db_index=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+", db_index=False)
    area_path = models.CharField(max_length=108)
    change = models.CharField(max_length=24)
    rules = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["simulation", "household"], name="runs_household_simulated_once"),
        )
        indexes = (
            models.Index(fields=["simulation", "area_path", "household"], name="runs_simulated_of_area"),
        )


class Status(models.IntegerChoices):
    """The status of a household by the default standard."""

    NOT_POOR = 0
    POOR = 1
    UNKNOWN = 2


class Result(models.Model):
    """One household in one run, narrow enough to filter and sort. Bits follow ``Run.names``.

    ``Run.names`` is {"criteria": [...], "causes": [...], "deciding": [...]}: bit i of ``not_met`` and
    ``unknown`` is criterion i, bit i of ``causes`` cause i; ``deciding`` are the criteria of the default
    standard. ``number`` is the household's opaque number in the snapshot. Every index costs time when a
    million rows are loaded; these are all there are.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="+", db_index=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveBigIntegerField()
    area_path = models.CharField(max_length=108)
    people = models.PositiveSmallIntegerField()
    status = models.PositiveSmallIntegerField(choices=Status.choices)
    not_met = models.BigIntegerField()
    unknown = models.BigIntegerField()
    causes = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["household", "run"], name="runs_one_result_per_household"),
        )
        indexes = (models.Index(fields=["run", "area_path", "household"], name="runs_results_of_area"),)


class AreaFigures(models.Model):
    """What a run counts in one area and all within it: the rows that pages read instead of counting anew.

    ``criteria``: name to [households not met, people in them, households unknown, people in them];
    ``causes``: name to [poor households, people in them]. ``protected``: what of it is hidden from those
    who may not open households, as ``statistics.disclosure_tree.Hidden`` stores it.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="+", db_index=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=108)
    households = models.PositiveBigIntegerField()
    people = models.PositiveBigIntegerField()
    poor_households = models.PositiveBigIntegerField()
    poor_people = models.PositiveBigIntegerField()
    unknown_households = models.PositiveBigIntegerField()
    unknown_people = models.PositiveBigIntegerField()
    criteria = models.JSONField(default=dict)
    causes = models.JSONField(default=dict)
    protected = models.JSONField(default=dict)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["run", "area"], name="runs_one_figure_per_area"),)
        indexes = (models.Index(fields=["run", "area_path"], name="runs_figures_of_area"),)
