# SPDX-License-Identifier: Apache-2.0
"""Decides that units and proxy in the how-to of a service are whole and speak of commands that exist."""

from __future__ import annotations

import configparser
import re
import subprocess
import sys
from pathlib import Path

from hearthline.site import settings
from scripts.measure import ROOT

PAGE = (ROOT / "docs" / "how-to" / "run-a-service.md").read_text(encoding="utf-8")
TEXTS: list[str] = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
PROGRAM = Path(sys.executable).parent / "hearthline"
COMMANDS = [*re.findall(r"ExecStart=/usr/local/bin/hearthline ([^`\n]+)", PAGE)]


def text_with(mark: str) -> str:
    (found,) = (text for text in TEXTS if mark in text)
    return found


def test_the_unit_has_the_three_sections_and_writes_only_where_the_settings_say() -> None:
    unit = configparser.ConfigParser(interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]  # names of systemd keep their case
    unit.read_string(text_with("[Unit]"))
    assert unit.sections() == ["Unit", "Service", "Install"]
    given = dict(line.split("=", 1) for line in text_with("HEARTHLINE_HOME").splitlines())
    assert unit["Service"]["ReadWritePaths"] == given["HEARTHLINE_HOME"]
    assert unit["Service"]["User"] in PAGE.split("adduser", 1)[1].splitlines()[0]
    assert set(given) <= set(
        re.findall(r"`(HEARTHLINE_\w+)`", (ROOT / "docs/reference/settings.md").read_text("utf-8"))
    )


def test_both_units_start_commands_that_exist_with_options_they_have() -> None:
    assert sorted(command.split()[0] for command in COMMANDS) == ["serve", "worker"]
    for command in COMMANDS:
        name, *words = command.split()
        said = subprocess.run([PROGRAM, name, "--help"], capture_output=True, text=True, check=True).stdout
        assert [word for word in words if word.startswith("--") and word not in said] == []


def test_the_proxy_is_well_formed_and_hands_on_what_the_service_asks_for() -> None:
    proxy = text_with("proxy_pass")
    assert proxy.count("{") == proxy.count("}")
    assert [
        line for line in proxy.splitlines() if line.strip() and not line.rstrip().endswith(("{", "}", ";"))
    ] == []
    size = re.search(r"client_max_body_size (\d+)m;", proxy)
    assert size is not None
    assert int(size[1]) * 2**20 == settings.UPLOAD_LIMIT
    port = re.search(r"proxy_pass http://127\.0\.0\.1:(\d+);", proxy)
    assert port is not None
    assert f"--port {port[1]} " in COMMANDS[0]
    for header in ("Host $host", "X-Forwarded-Proto https"):
        assert f"proxy_set_header {header};" in proxy
