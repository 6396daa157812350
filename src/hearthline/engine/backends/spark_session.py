# SPDX-License-Identifier: Apache-2.0
"""Decides how Spark is started: Java first, the settings that decide answers, and what refuses in a sentence.

What a cluster needs to be reached and paid for stands in the cluster's own ``spark-defaults.conf``; what
could change an answer is set here and cannot be set from outside.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from hearthline.base.extras import find_extra, get_extra
from hearthline.engine.backends.problems import (
    NO_JAVA,
    NO_SPARK,
    NO_WORKERS,
    OLD_JAVA,
    SPARK_NOT_STARTED,
    UNREACHABLE,
)

OLDEST_JAVA = 17
DEFAULT_MASTER = "local[*]"
REACHED_SECONDS = 10.0
"""How long a master may take to accept a connection."""

WORKERS_SECONDS = 60.0
"""How long a cluster may take to give the first executor."""

_POLL_SECONDS = 0.2
_MEGABYTES = {
    "KB": 1e-3,
    "MB": 1.0,
    "GB": 1e3,
    "TB": 1e6,
    "KIB": 2**-10,
    "MIB": 1.0,
    "GIB": 2**10,
    "TIB": 2**20,
}
_LEAST_MEGABYTES = 1024
"""A driver with less would spend its time in collecting garbage, or not start."""

ANSWERS: Mapping[str, str] = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",  # an overflow stops the run instead of becoming another number
    "spark.sql.decimalOperations.allowPrecisionLoss": "true",  # else a quotient keeps 20 digits, not 32
    "spark.sql.caseSensitive": "true",
    "spark.sql.variable.substitute": "false",  # ${…} in a code of a package is text
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.session.collation.default": "UTF8_BINARY",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",  # dates before 1582 stay as they are
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.parquet.writeLegacyFormat": "false",
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
    "spark.sql.subexpressionElimination.skipForShortcutExpr": "true",  # what is guarded stays guarded
    "spark.sql.catalogImplementation": "in-memory",  # no Hive, no metastore
}
"""Settings on which an answer could depend."""

_WORK: Mapping[str, str] = {
    "spark.app.name": "hearthline",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.eventLog.enabled": "false",
    "spark.sql.constraintPropagation.enabled": "false",  # its cost grows with the square of the columns
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.sql.parquet.filterPushdown": "true",
}

_LOGGING = """\
rootLogger.level = warn
rootLogger.appenderRef.file.ref = file
appender.file.type = Console
appender.file.name = file
appender.file.target = SYSTEM_ERR
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = %d{HH:mm:ss} %p %c{1}: %m%n
"""


def require_java() -> None:
    """Refuse in a sentence where there is no Java, or one that Spark does not run on."""
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    if java is None or not Path(java).is_file():
        raise NO_JAVA.error(least=OLDEST_JAVA, where=f"JAVA_HOME ({home})" if home else "the PATH")
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(?:1\.)?(\d+)', told)
    if found is None or int(found[1]) < OLDEST_JAVA:
        raise OLD_JAVA.error(least=OLDEST_JAVA, java=java, version=found[1] if found else "unknown")


def megabytes(memory: str) -> int:
    """A bound such as ``800MB`` as the whole megabytes of a driver, never less than it needs."""
    number = re.match(r"[\d.]*", memory.strip())
    unit = memory.strip()[number.end() if number else 0 :].strip().upper()
    return max(_LEAST_MEGABYTES, int(float(number[0] if number else 0) * _MEGABYTES[unit]))


def is_local(master: str) -> bool:
    """Whether a master stands on this machine alone, so that nothing need be reached from outside."""
    return master.startswith("local") or urlsplit(master).hostname in ("127.0.0.1", "localhost", "::1")


def require_reachable(master: str, seconds: float = REACHED_SECONDS) -> None:
    """Refuse a standalone master that does not answer within ``seconds``; Spark itself waits for minutes."""
    if not master.startswith("spark://"):
        return
    for address in master.removeprefix("spark://").split(","):
        host, _, port = address.rpartition(":")
        with suppress(OSError, ValueError), socket.create_connection((host, int(port)), seconds):
            return
    raise UNREACHABLE.error(master=master, seconds=f"{seconds:.0f}")


def installed_version() -> str:
    """The version of pyspark, which is that of its Spark."""
    return version("pyspark")


def require_spark(master: str) -> None:
    """Refuse in a sentence where Spark cannot start; looked at before any file is."""
    if find_extra("spark") is None:
        raise NO_SPARK.error()
    require_java()
    require_reachable(master)


def started(master: str, memory: str, folder: Path, more: Mapping[str, str] | None = None) -> Any:
    """A new session; ``folder`` takes what Spark spills and what its machine prints.

    Raises a problem where pyspark, Java, the master or its workers are missing.
    """
    require_spark(master)
    sql = get_extra("spark")
    folder.mkdir(parents=True, exist_ok=True)
    log, logging = folder / "spark.log", folder / "log4j2.properties"
    logging.write_text(_LOGGING, encoding="utf-8")
    builder = sql.SparkSession.builder.master(master)
    for name, value in {**_settings(master, memory, folder, logging), **(more or {}), **ANSWERS}.items():
        builder = builder.config(name, value)
    try:
        with _printing_to(log):
            session = builder.getOrCreate()
        _await_workers(session, master)
    except (OSError, RuntimeError) as error:
        raise SPARK_NOT_STARTED.error(master=master, reason=last_words(log) or str(error)) from error
    other = [name for name, value in ANSWERS.items() if session.conf.get(name, "") != value]
    if other:
        session.stop()
        reason = f"the setting {other[0]} is not {ANSWERS[other[0]]}"
        raise SPARK_NOT_STARTED.error(master=master, reason=reason)
    return session


def running() -> bool:
    """Whether this process has a session already, which is then used and left running."""
    sql = find_extra("spark")
    return sql is not None and sql.SparkSession.getActiveSession() is not None


def _settings(master: str, memory: str, folder: Path, logging: Path) -> dict[str, str]:
    here = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    return {
        **_WORK,
        **(here if is_local(master) else {}),
        "spark.driver.memory": f"{megabytes(memory)}m",
        # formulas within formulas make deep trees, which the planner walks by recursion
        "spark.driver.extraJavaOptions": f"-Xss32m -Dlog4j2.configurationFile={logging.resolve().as_uri()}",
        "spark.local.dir": str(folder / "local"),
        "spark.sql.warehouse.dir": (folder / "warehouse").resolve().as_uri(),
    }


def _await_workers(session: Any, master: str) -> None:
    if master.startswith("local"):
        return
    context = session.sparkContext._jsc.sc()
    until = time.monotonic() + WORKERS_SECONDS
    while context.getExecutorMemoryStatus().size() < 2:  # the driver counts as one
        if time.monotonic() > until:
            session.stop()
            raise NO_WORKERS.error(master=master, seconds=f"{WORKERS_SECONDS:.0f}")
        time.sleep(_POLL_SECONDS)


@contextmanager
def _printing_to(log: Path) -> Iterator[None]:
    """What the started machine prints goes to a file, and not between the lines of a command."""
    kept = os.dup(2)
    with log.open("ab") as target:
        os.dup2(target.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)


_SILENT = re.compile(r"\s*(at |\.\.\. |$)")


def last_words(log: Path) -> str:
    """The last line that Java printed and that says something: not where in its code it was."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.is_file() else []
    return next((line.strip().rstrip(".") for line in reversed(lines) if not _SILENT.match(line)), "")
