# SPDX-License-Identifier: Apache-2.0
"""Every text of every page has its Chinese, and the compiled files are those of the sources."""

from __future__ import annotations

import gettext
import io
from pathlib import Path

import pytest

from scripts import messages
from scripts.message_files import Key, Message, mo_bytes, po_text, read_po


@pytest.mark.parametrize("app", messages.apps())
def test_every_text_has_its_chinese(app: str) -> None:
    assert not messages.faults_of(app)


@pytest.fixture
def little_app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An app with one text of each sort."""
    folder = tmp_path / "little"
    (folder / "templates").mkdir(parents=True)
    (folder / "apps.py").write_text(
        "a = _('One %(x)s') % {'x': 1}\nb = pgettext('job', 'Done')\nc = ngettext('a row', 'rows', 2)\n",
        encoding="utf-8",
    )
    (folder / "templates" / "x.html").write_text(
        "{% load i18n %}{% translate 'It''s' %}{% translate \"Two (2)\" context \"place\" %}"
        "{% blocktranslate count n=n %}{{ n }} left{% plural %}{{ n }} still left{% endblocktranslate %}"
        "{{ _('Three') }}{% if x == _('Four') %}{% endif %}",
        encoding="utf-8",
    )
    monkeypatch.setattr(messages, "SOURCES", tmp_path)
    return folder


def test_texts_are_found_in_sources_and_templates(little_app: Path) -> None:
    found = messages.texts_of("little")
    assert {Key("", "One %(x)s"), Key("job", "Done"), Key("place", "Two (2)"), Key("", "Three")} <= set(found)
    assert found[Key("", "a row")].plural == "rows"
    assert found[Key("", "%(n)s left")].plural == "%(n)s still left"


def test_a_missing_translation_a_lost_placeholder_and_a_stale_file_are_faults(little_app: Path) -> None:
    assert any("no Chinese for 'One %(x)s'" in fault for fault in messages.faults_of("little"))
    messages.write("little")
    file = little_app / messages.PLACE
    kept = read_po(file)
    for message in kept.values():
        message.translation = "中文"
    file.write_text(po_text(kept), encoding="utf-8")
    assert messages.faults_of("little") == [
        "little: the message files are not current; run python -m scripts.messages little"
    ]
    messages.write("little")
    assert not messages.faults_of("little")
    kept[Key("", "Three")].translation = "%(who)s"
    file.write_text(po_text(kept), encoding="utf-8")
    assert any("names ['who']" in fault for fault in messages.faults_of("little"))


def test_compiled_messages_are_read_by_gettext(little_app: Path) -> None:
    catalogue = {
        Key("", 'He said "no"\n'): Message(Key("", 'He said "no"\n'), translation="他说“不”\\"),
        Key("job", "Done"): Message(Key("job", "Done"), translation="已完成"),
        Key("", "a row"): Message(Key("", "a row"), "rows", "几行"),
    }
    read = gettext.GNUTranslations(io.BytesIO(mo_bytes(catalogue)))
    assert read.gettext('He said "no"\n') == "他说“不”\\"
    assert read.pgettext("job", "Done") == "已完成"
    assert read.ngettext("a row", "rows", 5) == "几行"
    file = little_app / "x.po"
    file.write_text(po_text(catalogue), encoding="utf-8")
    assert {key: message.translation for key, message in read_po(file).items()} == {
        key: message.translation for key, message in catalogue.items()
    }
