# SPDX-License-Identifier: Apache-2.0
"""Decides how a command gets a PostgreSQL of its own: a cluster on a socket, removed afterwards or kept.

    python -m scripts.postgres -- COMMAND ...
    python -m scripts.postgres --keep FOLDER -- COMMAND ...

What is kept in a folder is there at the next command with the same folder; its server stops in between.

The command sees ``HEARTHLINE_DATABASE``. PostgreSQL comes from the system (Debian: postgresql); as root it
runs as the user ``postgres``, since the server refuses root.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import quote

ACCOUNT: Final = "postgres"
SETTINGS: Final = (
    "listen_addresses=''",
    "shared_buffers=256MB",
    "wal_compression=lz4",
    "max_wal_size=2GB",
    "maintenance_work_mem=256MB",
)


LARGE: Final = ("shared_buffers=1GB", "max_wal_size=8GB", "effective_cache_size=4GB")
"""For a register of millions, as its administrator would set it; indexes of a million people are large."""


def programs() -> Path | None:
    """The folder of initdb and pg_ctl, the newest version first; None where PostgreSQL is not installed."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: float(file.parts[-3]), reverse=True
    )
    return versions[0].parent if versions else None


def _as_server(command: list[str]) -> list[str]:
    if os.getuid() != 0:
        return command
    return ["setpriv", f"--reuid={ACCOUNT}", f"--regid={ACCOUNT}", "--clear-groups", *command]


@contextmanager
def cluster(kept: Path | None = None, settings: Sequence[str] = ()) -> Iterator[str]:
    """The address of a server, as ``HEARTHLINE_DATABASE`` wants it; it stops after the block.

    Without ``kept`` its data are fresh, and gone afterwards. ``settings`` go over our own.
    """
    folder = programs()
    if folder is None:
        raise SystemExit("PostgreSQL is not installed. On Debian: apt-get install -y postgresql")
    with tempfile.TemporaryDirectory(prefix="hl-pg-") as place:  # a socket needs a short path
        root = Path(place)
        data = (kept or root).absolute() / "data"
        data.parent.mkdir(parents=True, exist_ok=True)
        if os.getuid() == 0:
            account = pwd.getpwnam(ACCOUNT)
            for owned in {root, data.parent}:
                os.chown(owned, account.pw_uid, account.pw_gid)
        log = root / "log"

        def run(program: str, *words: str, check: bool = True) -> None:
            command = _as_server([str(folder / program), "-D", str(data), *words])
            subprocess.run(
                command, check=check, cwd=place, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT
            )

        if not data.exists():
            run("initdb", "-U", "hearthline", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        options = " ".join(
            f"-c {setting}" for setting in (*SETTINGS, *settings, f"unix_socket_directories={place}")
        )
        run("pg_ctl", "-l", str(log), "-w", "-o", options, "start")
        try:
            yield f"postgresql://hearthline@{quote(place, safe='')}/postgres"
        finally:
            run("pg_ctl", "-m", "fast" if kept else "immediate", "stop", check=False)


def main(arguments: list[str]) -> int:
    """Run the command after ``--``; its exit status is ours."""
    place = arguments.index("--") if "--" in arguments else len(arguments)
    options, command = arguments[:place], arguments[place + 1 :]
    if not command or (options and (options[0] != "--keep" or len(options) != 2)):
        print(__doc__)
        return 2
    with cluster(Path(options[1]) if options else None) as url:
        return subprocess.run(command, env=os.environ | {"HEARTHLINE_DATABASE": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
