# SPDX-License-Identifier: Apache-2.0
"""Decides what is told of what Java printed when Spark did not start."""

from __future__ import annotations

from pathlib import Path

from hearthline.engine.backends.spark_session import last_words

PRINTED = """
Exception in thread "main" org.apache.spark.SparkException: Could not parse Master URL: 'nonsense'.
\tat org.apache.spark.SparkContext$.createTaskScheduler(SparkContext.scala:3251)
\tat org.apache.spark.deploy.SparkSubmit.main(SparkSubmit.scala)
\t... 12 more

"""


def test_of_a_failure_of_java_its_reason_is_told_and_not_where_in_its_code_it_was(tmp_path: Path) -> None:
    log = tmp_path / "spark.log"
    assert last_words(log) == ""
    log.write_text(PRINTED, encoding="utf-8")
    assert last_words(log).endswith("SparkException: Could not parse Master URL: 'nonsense'")
