# SPDX-License-Identifier: Apache-2.0
"""Decides what a changed package is: a layer over the package, read and checked like any, with its own hash.

The layer is held in memory. Written to a folder it is an ordinary package that ``screen`` takes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import cast

from pydantic import BaseModel

from hearthline.base.problems import HearthlineError
from hearthline.engine.packages.collecting import Faults
from hearthline.engine.packages.folder import PackageFolder, package_folder
from hearthline.engine.packages.freezing import frozen_layout
from hearthline.engine.packages.layers import (
    ANSWERING,
    Layer,
    ReadLayer,
    layer_chain,
    layer_files,
    merged,
)
from hearthline.engine.packages.loading import checked_policy
from hearthline.engine.packages.problems import FREEZE_TARGET
from hearthline.engine.packages.rule_entries import rule_entries
from hearthline.engine.packages.schema import MANIFEST
from hearthline.engine.packages.schema.fields import Removal
from hearthline.engine.packages.schema.manifest import Manifest
from hearthline.engine.packages.schema.quantities import LookupEntry, LookupsFile
from hearthline.engine.packages.schema_faults import checked
from hearthline.engine.packages.toml_text import read_toml
from hearthline.engine.rules.parameters import find_parameter_value
from hearthline.engine.rules.policy import Policy
from hearthline.simulation.settings import Overlay, Setting, Written, read_settings
from hearthline.simulation.writing import yaml_of

NAME = "what-if"
"""The id of the layer, and the name under which its mistakes are told."""


@dataclass(frozen=True)
class ChangedPackage:
    """A package as it would be: its policy, the layers it stands on, and what was set."""

    policy: Policy
    chain: tuple[Layer, ...]
    settings: tuple[Setting, ...]

    def write(self, folder: Path) -> None:
        """Leave the package with all its layers in a new or empty folder, as ``screen`` reads it."""
        if folder.exists() and any(folder.iterdir()):
            raise FREEZE_TARGET.error(folder=folder)
        for path, content in frozen_layout(self.chain).items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)


def changed_package(
    package: str | Path,
    texts: Sequence[str],
    on: date,
    extra: Overlay | None = None,
    known: Policy | None = None,
) -> ChangedPackage:
    """The package with some settings; without any, the package itself.

    ``extra`` adds entries of its own, such as the formula of a benefit; ``known`` is the package as it was
    read and checked before, where that was done. Raises what is wrong with a
    setting, and everything the checker finds in the package that it makes.
    """
    chain = tuple(layer_chain(package_folder(package)))
    policy = checked_policy(chain) if known is None else known
    if not texts and extra is None:
        return ChangedPackage(policy, chain, ())
    overlay, settings = read_settings(texts, _written(chain, policy, on))
    if extra is not None:
        for section, entries in extra.rules.items():
            overlay.rules.setdefault(section, {}).update(entries)
    layer = _layer(chain, policy, overlay)
    whole = (*chain, layer)
    return ChangedPackage(checked_policy(whole), whole, settings)


def setting_faults(package: str | Path, texts: Sequence[str], on: date) -> dict[str, HearthlineError]:
    """What is wrong with each setting by itself, for who filled in several; not what they do together."""
    chain = tuple(layer_chain(package_folder(package)))
    written = _written(chain, checked_policy(chain), on)
    found: dict[str, HearthlineError] = {}
    for text in texts:
        try:
            read_settings([text], written)
        except HearthlineError as error:
            found[text] = error
    return found


def with_value(changed: ChangedPackage, parameter: str, value: Decimal, on: date) -> Policy:
    """A changed package with one more value set; the package itself where that value holds already."""
    policy, chain = changed.policy, changed.chain
    found = find_parameter_value(
        policy.parameters[parameter], jurisdiction=policy.jurisdiction, purpose="standard", on=on
    )
    if (
        found is not None
        and isinstance(found.value, int | Decimal | float)
        and Decimal(str(found.value)) == value
    ):
        return policy
    overlay, _ = read_settings([f"parameters.{parameter}={value:f}"], _written(chain, policy, on))
    return checked_policy((*chain, _layer(chain, policy, overlay)))


def _written(chain: Sequence[Layer], policy: Policy, on: date) -> Written:
    faults = Faults()
    layers = [
        ReadLayer(layer, tuple(layer_files(layer.folder, layer.content, ANSWERING, faults)))
        for layer in chain
    ]
    rules = rule_entries(layers, faults)
    lookups = merged([read.entries("lookups", _lookups) for read in layers], faults)
    faults.raise_any()
    return Written(policy, rules, lookups, on)


def _lookups(model: BaseModel) -> Mapping[str, LookupEntry | Removal]:
    return model.root if isinstance(model, LookupsFile) else {}


def _layer(chain: Sequence[Layer], policy: Policy, overlay: Overlay) -> Layer:
    titles = ", ".join(
        f'{language} = "{_TITLES.get(language, _TITLES["en"])}"' for language in policy.languages
    )
    name = _free_name(chain)
    manifest = f'id = "{name}"\ntitle = {{ {titles} }}\nextends = "{policy.id}"\n'
    content = {MANIFEST: manifest.encode("utf-8")}
    files: dict[str, Mapping[str, object]] = {
        "parameters": overlay.parameters,
        "lookups": overlay.lookups,
        "rules": overlay.rules,
    }
    for kind, entries in files.items():
        if entries:
            content[f"{kind}/{NAME}.yaml"] = yaml_of(entries)
    folder = PackageFolder(Path(NAME), NAME)
    document = read_toml(content[MANIFEST], f"{NAME}/{MANIFEST}")
    return Layer(folder, cast(Manifest, checked(Manifest, document)), document, content)


def _free_name(chain: Sequence[Layer]) -> str:
    """The package that is changed may be a what-if itself, and two layers may not share an id."""
    taken = {layer.id for layer in chain}
    names = (NAME if number == 1 else f"{NAME}-{number}" for number in count(1))
    return next(name for name in names if name not in taken)


_TITLES = {"en": "What if", "zh": "模拟方案"}
