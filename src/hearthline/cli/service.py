# SPDX-License-Identifier: Apache-2.0
"""Decides how the commands of the service join the command line: by name, loaded when one is asked for.

The library's commands start without Django. Where the extra ``service`` is not installed, the names are
there and say what installs them.
"""

from __future__ import annotations

from collections.abc import Callable

import typer

from hearthline.base.extras import find_extra
from hearthline.base.problems import Kind, declare

SERVICE_MISSING = declare(
    "command.service-missing",
    Kind.UNSUPPORTED,
    "`hearthline {command}` belongs to the service, which is not installed.",
    "Install it with: pip install 'hearthline[service]'.",
)

SERVICE_COMMANDS = {
    "areas": "Places: load the tree of a country.",
    "audit": "The trail: seal it, verify it.",
    "backup": "Save database, keys, packages, snapshots and runs into one folder.",
    "check": "Check the settings of the service.",
    "doctor": "Say what is not as it should be, and what to do.",
    "officers": "Accounts: open that of the first administrator.",
    "prepare": "Make the home folder, the keys and the tables.",
    "restore": "Put a backup back into an empty home and database.",
    "serve": "Serve the pages.",
    "worker": "Do the jobs that wait.",
}
_ANYTHING = {"ignore_unknown_options": True, "allow_extra_args": True}


def is_asked_for(arguments: list[str]) -> bool:
    """Whether a command line needs the commands of the service, be it to list them."""
    return not arguments or arguments[0] in SERVICE_COMMANDS or arguments[0] == "--help"


def attach_service(app: typer.Typer) -> None:
    """Add the commands of the service to ``app``, or what says how to install them."""
    module = find_extra("service")
    if module is None:
        for name, sentence in SERVICE_COMMANDS.items():
            app.command(name, help=f"{sentence} (needs the extra `service`)", context_settings=_ANYTHING)(
                _refusal(name)
            )
        return
    service: typer.Typer = module.service_app
    app.registered_commands.extend(service.registered_commands)
    app.registered_groups.extend(service.registered_groups)


def _refusal(name: str) -> Callable[[], None]:
    def refuse() -> None:
        raise SERVICE_MISSING.error(command=name)

    return refuse
