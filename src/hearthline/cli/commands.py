# SPDX-License-Identifier: Apache-2.0
"""Decides which commands there are and where each is found: its module is loaded when it is asked for.

A command needs a fraction of what all commands need together, and its start is part of its time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import typer
from typer.core import TyperCommand, TyperGroup

from hearthline.base.extras import loaded_when_asked

PLACES = {
    "import": "hearthline.cli.importing:import_snapshot",
    "generate": "hearthline.cli.generating:generate",
    "screen": "hearthline.cli.screening:screen",
    "why": "hearthline.cli.reasons:why",
    "statistics": "hearthline.cli.figures:statistics",
    "compare": "hearthline.cli.figures:compare",
    "change": "hearthline.cli.changing:change",
    "simulate": "hearthline.cli.simulating:simulate",
    "report": "hearthline.cli.reporting:report",
    "publish": "hearthline.cli.publishing:publish",
    "demo": "hearthline.cli.reporting:demo",
    "policy": "hearthline.cli.policies:policy_app",
    "targeting": "hearthline.cli.targeting:targeting_app",
}
"""Every command of the library in the order of the help, with the module and the name it is found by."""


class Commands(TyperGroup):
    """The commands by name, each loaded when it is asked for; the help asks for all of them."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names, those of the library first."""
        return [*PLACES, *(name for name in super().list_commands(ctx) if name not in PLACES)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """One command; where there is none of that name, all are loaded to say which is near."""
        for name in [cmd_name] if cmd_name in self.commands or cmd_name in PLACES else PLACES:
            if name not in self.commands:
                self.commands[name] = loaded(name)
        return super().get_command(ctx, cmd_name)


def loaded(name: str) -> TyperCommand | TyperGroup:
    """A command of the library, with its module loaded."""
    module, _, attribute = PLACES[name].partition(":")
    found = getattr(loaded_when_asked(module), attribute)
    program = typer.Typer(
        name=name, pretty_exceptions_enable=False, add_completion=False, rich_markup_mode=None
    )
    if isinstance(found, typer.Typer):
        program.add_typer(found, name=name)
        return cast(TyperGroup, typer.main.get_group(program).commands[name])
    program.command(name)(cast(Callable[..., None], found))
    return cast(TyperCommand, typer.main.get_command(program))
