# SPDX-License-Identifier: Apache-2.0
"""Decides how a bare machine gets uv: the wheel that uv.lock names, checked against its hash.

Needs nothing but Python 3.11: neither pip nor ensurepip, which Debian's own Python lacks. If the
download fails (no certificates, a proxy only pip knows of), pip fetches the same version; if that is
impossible too, the last line says exactly what to install. Prints the path of uv and nothing else.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tomllib
import urllib.request
import venv
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
HOME: Final = ROOT / ".bootstrap"
TIMEOUT_SECONDS: Final = 60


def wheel_tags() -> tuple[str, str]:
    """How the name of this machine's wheel of uv begins and ends, after the version."""
    machine = {"amd64": "x86_64", "aarch64": "aarch64", "arm64": "arm64"}.get(
        platform.machine().lower(), platform.machine().lower()
    )
    if sys.platform == "darwin":
        return "macosx_", f"_{machine}.whl"
    machine = "aarch64" if machine == "arm64" else machine
    return ("manylinux" if platform.libc_ver()[0] == "glibc" else "musllinux"), f"_{machine}.whl"


def locked_uv() -> tuple[str, str, str]:
    """Version, address and SHA-256 of the wheel of uv for this machine, from uv.lock."""
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    package = next(package for package in lock["package"] if package["name"] == "uv")
    begin, end = wheel_tags()
    for wheel in package["wheels"]:
        if f"-py3-none-{begin}" in wheel["url"] and wheel["url"].endswith(end):
            return package["version"], wheel["url"], wheel["hash"].removeprefix("sha256:")
    raise SystemExit(
        f"There is no uv for {platform.platform()}. Install uv {package['version']} by hand and put it "
        "on the PATH: https://docs.astral.sh/uv/"
    )


def downloaded(url: str, sha256: str) -> Path:
    """Unpack uv from its wheel; refuses a wheel that is not the one of the lock."""
    with urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS) as answer:
        content = answer.read()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise SystemExit(f"{url} is not the file that uv.lock names. Nothing was installed; try again.")
    HOME.mkdir(parents=True, exist_ok=True)
    target, part = HOME / "uv", HOME / f"uv.{os.getpid()}"
    with zipfile.ZipFile(BytesIO(content)) as wheel:
        name = next(name for name in wheel.namelist() if name.endswith("/scripts/uv"))
        part.write_bytes(wheel.read(name))
    part.chmod(0o755)
    part.replace(target)
    return target


def fetched_by_pip(version: str, why: object) -> Path:
    """Let pip fetch uv into an environment of its own."""
    try:
        venv.create(HOME, with_pip=True)
        subprocess.run(
            [HOME / "bin" / "python", "-m", "pip", "install", "--quiet", f"uv=={version}"], check=True
        )
    except subprocess.CalledProcessError as error:
        minor = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise SystemExit(
            f"uv could not be downloaded ({why}) and pip could not fetch it either ({error}).\n"
            "What to do on Debian or Ubuntu:\n"
            f"    apt-get install -y ca-certificates python{minor}-venv\n"
            f"then run make again. Elsewhere: install uv {version} by hand and put it on the PATH."
        ) from error
    return HOME / "bin" / "uv"


def find_uv(version: str) -> Path | None:
    """A uv of this version that is here already: ours, or the user's own."""
    own = shutil.which("uv")
    for place in (HOME / "uv", HOME / "bin" / "uv", *([Path(own)] if own else [])):
        if place.exists():
            said = subprocess.run([place, "--version"], capture_output=True, text=True, check=False).stdout
            if version in said.split():
                return place
    return None


def main() -> None:
    """Print the path of a uv of the pinned version, fetching it if it is not there."""
    version, url, sha256 = locked_uv()
    found = find_uv(version)
    try:
        print(found or downloaded(url, sha256))
    except OSError as error:
        print(fetched_by_pip(version, error))


if __name__ == "__main__":
    main()
