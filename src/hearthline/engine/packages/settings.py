# SPDX-License-Identifier: Apache-2.0
"""Decides the settings of the effective package: languages, place, money, dates, sources and levels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from hearthline.base.problems import HearthlineError, Place
from hearthline.engine.packages.collecting import Faults
from hearthline.engine.packages.layers import Entry, Layer, ReadLayer, merged
from hearthline.engine.packages.names import reads_as_name, unknown_reference
from hearthline.engine.packages.problems import (
    BAD_LEVEL,
    BAD_PERIOD,
    MISSING_SETTING,
    NAMED_TWICE,
    RESERVED_NAME,
)
from hearthline.engine.packages.schema.fields import Removal
from hearthline.engine.packages.schema.manifest import LevelEntry, Manifest, Validity
from hearthline.engine.packages.texts import check_words, words_of
from hearthline.engine.rules.policy import AREA, HOUSEHOLD, PERSON, Level, Targeting
from hearthline.engine.rules.types import Text

DIVISION_SCALE = 6
_NOT_RECORDS = (HOUSEHOLD, PERSON, AREA)


@dataclass(frozen=True)
class Settings:
    """package.toml of all layers taken together; ``jurisdictions`` is that of each layer, lowest first."""

    id: str
    title: Text
    description: Text
    languages: tuple[str, ...]
    all_languages: frozenset[str]
    jurisdictions: tuple[str, ...]
    currency: str
    minor_digits: int
    division_scale: int
    start: date
    end: date | None
    sources: Mapping[str, Text]
    topics: Mapping[str, Text]
    terms: Mapping[str, Text]
    household_weight: str | None
    person_weight: str | None
    welfare: str | None
    line: str | None
    statistics_weight: str
    targeting: Targeting
    levels: Mapping[str, Level]
    chain: tuple[Layer, ...]

    @property
    def jurisdiction(self) -> str:
        """The place meant where a value or formula names none."""
        return self.jurisdictions[-1]

    @property
    def top(self) -> Layer:
        """The package that was asked for."""
        return self.chain[-1]

    def check_words(
        self, words: Mapping[str, str], key: str, place: Callable[..., Place], faults: Faults
    ) -> None:
        """Keep a fault for each language without a text, and for each text in another language."""
        check_words(words, key, place, faults, languages=self.languages, known=self.all_languages)

    def source_words(self, source: str | Text | None) -> Text:
        """A source by language; one text stands for all of them."""
        return words_of(source, self.languages)

    def checked_source(self, source: str | Text | None, place: Callable[..., Place], faults: Faults) -> Text:
        """The same; one in several languages is held to those of the package."""
        return self._checked("source", source, place, faults)

    def checked_note(self, note: str | Text | None, place: Callable[..., Place], faults: Faults) -> Text:
        """A note by language, as a source is."""
        return self._checked("note", note, place, faults)

    def _checked(
        self, key: str, written: str | Text | None, place: Callable[..., Place], faults: Faults
    ) -> Text:
        if written is not None and not isinstance(written, str):
            self.check_words(written, key, lambda *p: place(key, *p), faults)
        return words_of(written, self.languages)


def settings_of(layers: Sequence[ReadLayer], faults: Faults) -> Settings:
    """The settings of the effective package; raises at once, since all else depends on them."""
    chain = [read.layer for read in layers]
    settings = _settings(chain, _Chosen(chain, faults), faults)
    _check_texts(settings, chain, faults)
    faults.raise_any()
    return settings


class _Chosen:
    """Takes each setting from the highest layer that gives it."""

    def __init__(self, chain: Sequence[Layer], faults: Faults) -> None:
        self.chain = chain
        self.faults = faults

    def needed(self, key: str, attribute: str | None = None) -> object:
        """A setting that some layer must give."""
        for layer in reversed(self.chain):
            value = getattr(layer.manifest, attribute or key)
            if value is not None:
                return value
        meaning = Manifest.model_fields[attribute or key].description or ""
        top = self.chain[-1]
        self.faults.add(MISSING_SETTING.error(top.manifest_document.place(), key=key, meaning=meaning))
        return None

    def within(self, table: str, key: str) -> str | None:
        """A word within a table such as ``[weights]``, from the highest layer that gives it."""
        for layer in reversed(self.chain):
            found = getattr(layer.manifest, table)
            if found is not None and (word := getattr(found, key)) is not None:
                return str(word)
        return None


def _settings(chain: Sequence[Layer], chosen: _Chosen, faults: Faults) -> Settings:
    top = chain[-1].manifest
    languages = chosen.needed("languages") or []
    valid = chosen.needed("valid")
    needed = {key: chosen.needed(key) for key in ("jurisdiction", "currency", "minor_digits")}
    for layer in chain:
        _check_period(layer, faults)
        _check_repeats(layer, faults)
    levels = _levels(chain, faults)
    faults.raise_any()
    assert isinstance(languages, list)
    assert isinstance(valid, Validity)
    jurisdictions: list[str] = []
    for layer in chain:
        below = jurisdictions[-1] if jurisdictions else str(needed["jurisdiction"])
        jurisdictions.append(layer.manifest.jurisdiction or below)
    scale = next(
        (m for m in (x.manifest.division_scale for x in reversed(chain)) if m is not None), DIVISION_SCALE
    )
    return Settings(
        id=top.id,
        title=top.title,
        description=next((x.manifest.description for x in reversed(chain) if x.manifest.description), {}),
        languages=tuple(languages),
        all_languages=frozenset(word for layer in chain for word in layer.manifest.languages or []),
        jurisdictions=tuple(jurisdictions),
        currency=str(needed["currency"]),
        minor_digits=int(str(needed["minor_digits"])),
        division_scale=scale,
        start=valid.start,
        end=valid.end,
        sources={name: words for layer in chain for name, words in layer.manifest.sources.items()},
        topics={name: words for layer in chain for name, words in layer.manifest.topics.items()},
        terms={name: words for layer in chain for name, words in layer.manifest.terms.items()},
        household_weight=chosen.within("weights", "household"),
        person_weight=chosen.within("weights", "person"),
        welfare=chosen.within("statistics", "welfare"),
        line=chosen.within("statistics", "line"),
        statistics_weight=chosen.within("statistics", "weight") or "person",
        targeting=_targeting(chain),
        levels=levels,
        chain=tuple(chain),
    )


def _targeting(chain: Sequence[Layer]) -> Targeting:
    """Each setting of ``[targeting]`` from the highest layer that gives it."""
    chosen: dict[str, object] = {}
    for layer in chain:
        if layer.manifest.targeting is not None:
            chosen |= {key: value for key, value in layer.manifest.targeting if value is not None}
    kept = {key: tuple(value) if isinstance(value, list) else value for key, value in chosen.items()}
    return Targeting(**kept)  # type: ignore[arg-type]  # the schema has checked each


def _check_period(layer: Layer, faults: Faults) -> None:
    valid = layer.manifest.valid
    if valid is not None and valid.end is not None and valid.end < valid.start:
        place = layer.manifest_document.place("valid", "to")
        faults.add(BAD_PERIOD.error(place, start=valid.start, end=valid.end))


def _check_repeats(layer: Layer, faults: Faults) -> None:
    for index, language in enumerate(layer.manifest.languages or []):
        if language in (layer.manifest.languages or [])[:index]:
            faults.add(NAMED_TWICE.error(layer.manifest_document.place("languages", index), name=language))


def _levels(chain: Sequence[Layer], faults: Faults) -> dict[str, Level]:
    entries = merged([_level_entries(layer) for layer in chain], faults)
    known = {name: Level(name, entry.model.title, entry.model.belongs_to) for name, entry in entries.items()}
    if HOUSEHOLD not in known:
        place = chain[-1].manifest_document.place("levels")
        hint = "Add [levels.household] with its title."
        faults.add(
            BAD_LEVEL.error(
                place, name=HOUSEHOLD, reason="every package has it, and it is missing", hint=hint
            )
        )
    for entry in entries.values():
        error = _level_error(entry, known)
        if error is not None:
            faults.add(error)
    return known


def _level_entries(layer: Layer) -> Iterable[Entry[LevelEntry | Removal]]:
    for name, model in layer.manifest.levels.items():
        yield Entry(name, model, layer.manifest_document, ("levels", name), layer.id)


def _level_error(entry: Entry[LevelEntry], known: Mapping[str, Level]) -> HearthlineError | None:
    name, owner = entry.name, entry.model.belongs_to
    if name in (HOUSEHOLD, AREA):
        if owner is None:
            return None
        reason, hint = "it belongs to no other level", "Delete belongs_to."
    elif owner is None:
        reason, hint = "it does not say to which level its rows belong", 'Write belongs_to = "household".'
    elif owner not in known:
        return unknown_reference(owner, "a level", known, entry.place("belongs_to"))
    elif owner not in ((HOUSEHOLD,) if name == PERSON else (HOUSEHOLD, PERSON)):
        reason = f"it cannot belong to {owner}"
        hint = "A record table belongs to household or person, and a person to household."
    elif not reads_as_name(name):
        return RESERVED_NAME.error(
            entry.key_place(), name=name, purpose="the formula language", example=f"{name}_line"
        )
    else:
        return None
    return BAD_LEVEL.error(entry.key_place("belongs_to"), name=name, reason=reason, hint=hint)


def _check_texts(settings: Settings, chain: Sequence[Layer], faults: Faults) -> None:
    top = chain[-1]
    document = top.manifest_document
    settings.check_words(top.manifest.title, "title", lambda *p: document.key_place("title", *p), faults)
    if settings.description:
        owner = next(layer for layer in reversed(chain) if layer.manifest.description)
        _check(settings, owner, ("description",), settings.description, faults)
    for layer in chain:
        for name, words in layer.manifest.sources.items():
            if settings.sources[name] is words:
                _check(settings, layer, ("sources", name), words, faults)
        for name, words in layer.manifest.topics.items():
            if settings.topics[name] is words:
                _check(settings, layer, ("topics", name), words, faults)
        for name, words in layer.manifest.terms.items():
            if settings.terms[name] is words:
                _check(settings, layer, ("terms", name), words, faults)
        for name, level in layer.manifest.levels.items():
            if settings.levels[name].title is level.title:
                _check(settings, layer, ("levels", name, "title"), level.title, faults)


def _check(settings: Settings, layer: Layer, path: tuple[str, ...], words: Text, faults: Faults) -> None:
    document = layer.manifest_document
    settings.check_words(words, path[-1], lambda *p: document.key_place(*path, *p), faults)
