# SPDX-License-Identifier: Apache-2.0
"""Decides how the register follows a place that moves in the tree: its paths are rewritten."""

from __future__ import annotations

from hearthline.areas.services import Move, rewrite_paths
from hearthline.registry.models import Household, Person, RegisterImport


def follow(move: Move) -> None:
    """Rewrite the paths of households, people and imports; what was observed names its place itself."""
    rewrite_paths(Household.objects.all(), "area_path", move)
    rewrite_paths(Person.objects.all(), "area_path", move)
    rewrite_paths(RegisterImport.objects.all(), "area_path", move)
