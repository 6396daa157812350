# SPDX-License-Identifier: Apache-2.0
"""Decides how a cluster of Spark stands on one machine: a master and workers on the loopback address."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

HOST = "127.0.0.1"
STARTED_SECONDS = 60.0
_LOOK_SECONDS = 0.2


@dataclass(frozen=True)
class Cluster:
    """Where its master listens, and the processes of master and workers."""

    master: str
    processes: tuple[int, ...]
    configuration: Path
    """The folder that SPARK_CONF_DIR names for who uses the cluster."""


@contextmanager
def standalone(folder: Path, *, workers: int = 2, cores: int = 1, megabytes: int = 1536) -> Iterator[Cluster]:
    """A master and its workers, each of so many cores and so much memory; all are stopped at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "spark-defaults.conf").write_text(
        f"spark.executor.memory {megabytes}m\nspark.executor.cores {cores}\n"
    )
    port = _free_port()
    master = f"spark://{HOST}:{port}"
    with ExitStack() as stack:
        log = folder / "master.log"
        words = ["--host", HOST, "--port", str(port), "--webui-port", str(_free_port())]
        processes = [_started(stack, "master.Master", words, folder, log)]
        _await(log, "I have been elected leader")
        size = ["--cores", str(cores), "--memory", f"{megabytes + 512}m"]
        for number in range(workers):
            log = folder / f"worker-{number}.log"
            words = ["--host", HOST, "--webui-port", str(_free_port()), *size]
            words += ["--work-dir", str(folder / f"work-{number}"), master]
            processes.append(_started(stack, "worker.Worker", words, folder, log))
            _await(log, "Successfully registered with master")
        yield Cluster(master, tuple(processes), folder)


def _started(stack: ExitStack, name: str, words: list[str], folder: Path, log: Path) -> int:
    found = find_spec("pyspark")
    if found is None or found.origin is None:
        raise SystemExit("pyspark is not installed.")
    home = Path(found.origin).parent
    environment = {
        **os.environ,
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": HOST,
        "SPARK_CONF_DIR": str(folder),
    }
    command = [str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{name}", *words]
    output = stack.enter_context(log.open("wb"))
    process = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT)
    stack.callback(_stopped, process)
    return process.pid


def _stopped(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait()


def _await(log: Path, words: str) -> None:
    until = time.monotonic() + STARTED_SECONDS
    while words not in log.read_text(encoding="utf-8", errors="replace"):
        if time.monotonic() > until:
            raise SystemExit(f"Spark did not start:\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(_LOOK_SECONDS)


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        port: int = taken.getsockname()[1]
        return port
