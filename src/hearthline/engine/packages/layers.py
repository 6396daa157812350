# SPDX-License-Identifier: Apache-2.0
"""Decides how the layers of a package become one: what differs above replaces what stands below."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from pydantic import BaseModel

from hearthline.base.problems import Place
from hearthline.engine.packages.collecting import Faults
from hearthline.engine.packages.document import Document, Path
from hearthline.engine.packages.folder import PackageFolder, folder_below, package_files
from hearthline.engine.packages.problems import ENTRY_TWICE, LAYER_CYCLE, NOTHING_TO_REMOVE, WRONG_FOLDER
from hearthline.engine.packages.schema import FILE_KINDS, MANIFEST
from hearthline.engine.packages.schema.fields import Removal
from hearthline.engine.packages.schema.manifest import Manifest
from hearthline.engine.packages.schema_faults import checked
from hearthline.engine.packages.toml_text import read_toml
from hearthline.engine.packages.yaml_text import read_yaml
from hearthline.engine.rules.vocabulary import nearest_hint

M = TypeVar("M")

ANSWERING = ("facts", "parameters", "lookups", "rules", "causes", "scores")
"""The kinds of file that decide an answer."""
READ = (*ANSWERING, "series")
"""The kinds of file that make a policy; scenarios only test it."""


@dataclass(frozen=True)
class Entry(Generic[M]):
    """One definition: its content, the file and place it stands at, and the package it comes from."""

    name: str
    model: M
    document: Document
    path: Path
    origin: str

    def place(self, *path: str | int) -> Place:
        """Where a part of the entry stands."""
        return self.document.place(*self.path, *path)

    def key_place(self, *path: str | int) -> Place:
        """Where the key of a part stands; without a path, the entry's own name."""
        return self.document.key_place(*self.path, *path)


@dataclass(frozen=True)
class SourceFile:
    """A file of a layer, read and checked by its schema."""

    kind: str
    document: Document
    model: BaseModel


@dataclass(frozen=True)
class Layer:
    """One package of the chain as it is written."""

    folder: PackageFolder
    manifest: Manifest
    manifest_document: Document
    content: Mapping[str, bytes]

    @property
    def id(self) -> str:
        """The package's own id."""
        return self.manifest.id


def layer_chain(top: PackageFolder) -> list[Layer]:
    """The layers from the lowest to the top; a circle or a missing one is refused."""
    chain = [_layer(top)]
    while (wanted := chain[-1].manifest.extends) is not None:
        place = chain[-1].manifest_document.place("extends")
        ids = [layer.id for layer in chain]
        if wanted in ids:
            path = " -> ".join([*ids[ids.index(wanted) :], wanted])
            raise LAYER_CYCLE.error(place, path=path)
        chain.append(_layer(folder_below(top, chain[0].id, wanted, place)))
    return chain[::-1]


def _layer(folder: PackageFolder) -> Layer:
    content = package_files(folder)
    faults = Faults()
    with faults.kept():
        document = read_toml(content[MANIFEST], f"{folder.shown}/{MANIFEST}")
        manifest = cast(Manifest, checked(Manifest, document))
    if faults.errors:
        # without its manifest nothing more can be understood, but how the other files are written can be told
        layer_files(folder, content, READ, faults)
    faults.raise_any()
    if folder.id is not None and manifest.id != folder.id:
        raise WRONG_FOLDER.error(document.place("id"), id=manifest.id, folder=folder.id)
    return Layer(folder, manifest, document, content)


def layer_files(
    folder: PackageFolder, files: Mapping[str, bytes], kinds: Iterable[str], faults: Faults
) -> list[SourceFile]:
    """The YAML files of some kinds, read; every mistake of every file is kept."""
    wanted = {kind.name: kind.model for kind in FILE_KINDS if kind.name in set(kinds)}
    read = []
    for name, content in files.items():
        kind = name.split("/")[0].removesuffix(".yaml")
        if name != MANIFEST and kind in wanted and name.endswith(".yaml"):
            with faults.kept():
                document = read_yaml(content, f"{folder.shown}/{name}")
                read.append(SourceFile(kind, document, checked(wanted[kind], document)))
    return read


@dataclass(frozen=True)
class ReadLayer:
    """A layer with its files read."""

    layer: Layer
    files: tuple[SourceFile, ...]

    def entries(
        self, kind: str, pick: Callable[[BaseModel], Mapping[str, M]], *path: str
    ) -> Iterator[Entry[M]]:
        """The entries that a kind of file defines under a path, in the order of the files."""
        for file in self.files:
            if file.kind == kind:
                for name, model in pick(file.model).items():
                    yield Entry(name, model, file.document, (*path, name), self.layer.id)


def merged(
    layers: Iterable[Iterable[Entry[M | Removal]]],
    faults: Faults,
    combine: Callable[[Entry[M], Entry[M]], Entry[M]] | None = None,
) -> dict[str, Entry[M]]:
    """Entries by name after all layers: the same name above replaces the whole entry below.

    ``combine`` (below, above) joins the two instead. A name defined twice in one layer, and the removal
    of what is not there, are refused.
    """
    effective: dict[str, Entry[M]] = {}
    for entries in layers:
        own: dict[str, Entry[M | Removal]] = {}
        for entry in entries:
            if entry.name in own:
                first = own[entry.name].key_place()
                faults.add(ENTRY_TWICE.error(entry.key_place(), name=entry.name, first=first))
            own[entry.name] = entry
        for name, entry in own.items():
            if isinstance(entry.model, Removal):
                if effective.pop(name, None) is None:
                    hint = nearest_hint(name, effective)
                    faults.add(NOTHING_TO_REMOVE.error(entry.key_place(), name=name, hint=hint))
                continue
            kept = cast(Entry[M], entry)
            below = effective.get(name)
            effective[name] = combine(below, kept) if combine and below else kept
    return effective
