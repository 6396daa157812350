# SPDX-License-Identifier: Apache-2.0
"""Decides what a version of a package is: the bytes of its files in all layers, hashed and copied whole.

Every file that is read counts: package.toml, facts, parameters, lookups, rules, causes and scenarios.
Texts for people (CHANGELOG.md and other .md and .txt files) and maps can change no answer of the
package and do not count.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from hearthline.engine.packages.folder import LAYERS, package_folder
from hearthline.engine.packages.layers import Layer, layer_chain
from hearthline.engine.packages.problems import FREEZE_TARGET


def version_hash(chain: Sequence[Layer]) -> str:
    """SHA-256 over the layers from the lowest up, and in each over its files by name; 64 hex digits."""
    digest = hashlib.sha256(b"hearthline package 1\n")
    for layer in chain:
        digest.update(f"layer {layer.id}\n".encode())
        for name in sorted(layer.content):
            content = layer.content[name]
            # lengths keep the end of one file from being read as the beginning of the next
            digest.update(f"file {name} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def policy_files(name: str | Path) -> dict[str, bytes]:
    """The files of a package and all below it, by their path in a frozen copy."""
    return frozen_layout(layer_chain(package_folder(name)))


def frozen_layout(chain: Sequence[Layer]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for layer in chain:
        prefix = "" if layer is chain[-1] else f"{LAYERS}/{layer.id}/"
        found |= {prefix + name: content for name, content in layer.content.items()}
    return found


def freeze(name: str | Path, folder: Path) -> str:
    """Copy a package with all its layers into a new or empty folder; returns its version hash.

    ``load_policy(folder)`` then gives the same package with the same hash, whatever is installed.
    """
    chain = layer_chain(package_folder(name))
    if folder.exists() and any(folder.iterdir()):
        raise FREEZE_TARGET.error(folder=folder)
    for path, content in frozen_layout(chain).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return version_hash(chain)
