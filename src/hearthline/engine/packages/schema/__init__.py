# SPDX-License-Identifier: Apache-2.0
"""Decides which files make a package and which model each must follow."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel

from hearthline.engine.packages.schema.facts import FactsFile
from hearthline.engine.packages.schema.manifest import Manifest
from hearthline.engine.packages.schema.quantities import LookupsFile, ParametersFile
from hearthline.engine.packages.schema.rules import CausesFile, RulesFile
from hearthline.engine.packages.schema.scenarios import ScenariosFile
from hearthline.engine.packages.schema.scores import ScoresFile
from hearthline.engine.packages.schema.series import SeriesFile


@dataclass(frozen=True)
class FileKind:
    """A kind of file: its name in the package (``facts/*.yaml``) and its model."""

    name: str
    pattern: str
    model: type[BaseModel]


MANIFEST = "package.toml"
CAUSES = "causes.yaml"

FILE_KINDS: tuple[FileKind, ...] = (
    FileKind("manifest", MANIFEST, Manifest),
    FileKind("facts", "facts/*.yaml", FactsFile),
    FileKind("parameters", "parameters/*.yaml", ParametersFile),
    FileKind("lookups", "lookups/*.yaml", LookupsFile),
    FileKind("rules", "rules/*.yaml", RulesFile),
    FileKind("causes", CAUSES, CausesFile),
    FileKind("series", "series/*.yaml", SeriesFile),
    FileKind("scores", "scores/*.yaml", ScoresFile),
    FileKind("scenarios", "scenarios/*.yaml", ScenariosFile),
)
FOLDERS = tuple(kind.name for kind in FILE_KINDS if "/" in kind.pattern)
