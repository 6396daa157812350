# SPDX-License-Identifier: Apache-2.0
"""Decides how tests get Spark: one session for all tests of a process, or a skip that says what is missing.

With ``HEARTHLINE_REQUIRE=spark`` the skip is a failure.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

import pytest

from hearthline.base.problems import HearthlineError
from hearthline.engine.backends.problems import NO_JAVA, NO_SPARK, OLD_JAVA
from hearthline.engine.backends.spark_engine import SparkEngine

MISSING = {NO_SPARK.code, NO_JAVA.code, OLD_JAVA.code}
FEW_ROWS = {
    "spark.sql.shuffle.partitions": "1",
    "spark.default.parallelism": "1",
    "spark.sql.adaptive.enabled": "false",
}
"""Tests ask about few rows; nothing of this can change an answer."""


@cache
def _started() -> SparkEngine | HearthlineError:
    spill = Path(tempfile.mkdtemp(prefix="hearthline-spark-"))
    atexit.register(shutil.rmtree, spill, ignore_errors=True)
    try:
        engine = SparkEngine(master="local[2]", memory="1GiB", spill=spill, settings=FEW_ROWS)
    except HearthlineError as error:
        if error.code not in MISSING:
            raise
        return error
    atexit.register(engine.session.stop)
    return engine


def spark_of_this_process() -> SparkEngine:
    """The session of this process; skips the test where Spark or its Java is not installed."""
    found = _started()
    if isinstance(found, HearthlineError):
        pytest.skip(f"Spark cannot run here: {found.sentence}")
    return found
