# SPDX-License-Identifier: Apache-2.0
"""Decides the sentences for what can go wrong while a package is applied to a snapshot."""

from __future__ import annotations

from hearthline.base.problems import Kind, declare

RUN_EXISTS = declare(
    "run.exists",
    Kind.REFUSED,
    "{folder} exists already.",
    "Choose another folder for the run, or remove that one.",
)
RUN_IN_SNAPSHOT = declare(
    "run.in-snapshot",
    Kind.REFUSED,
    "{folder} lies within the snapshot.",
    "Choose a folder beside it: a snapshot holds its own files and nothing else.",
)
RUN_NOT_FOUND = declare(
    "run.not-found",
    Kind.NOT_FOUND,
    "{folder} is not a run: it has no readable run.json.",
    "Name the folder that 'hearthline screen --out' wrote.",
)
RUN_UNSEALED = declare(
    "run.unsealed",
    Kind.UNSUPPORTED,
    "{folder} was made by a release that did not seal its run.json yet, or the seal was taken away.",
    "Screen the snapshot again with 'hearthline screen'; the new run is sealed.",
)
RUN_DAMAGED = declare(
    "run.damaged",
    Kind.DAMAGED,
    "{folder} is not as the run left it: {what}.",
    "Screen the snapshot again; a damaged run is never read.",
)
SNAPSHOT_MOVED = declare(
    "run.snapshot-moved",
    Kind.NOT_FOUND,
    "the snapshot of this run is not at {folder}, or is another one.",
    "Name its folder with --data.",
)
OTHER_QUESTION = declare(
    "run.other-question",
    Kind.REFUSED,
    "the run in {folder} answered another question: {what}.",
    "Name an earlier run of the same package, date and versions with --since, or leave --since out.",
)
NO_SPACE = declare(
    "engine.no-space",
    Kind.REFUSED,
    "there is no space left for the step {step}.",
    "Nothing was written. Free some space where the run is to stand, or choose another folder.",
)
ENGINE_FAILED = declare(
    "engine.failed",
    Kind.INTERNAL,
    "the engine stopped at the step {step}: {reason}.",
    "Nothing was written. Check the memory bound and the free disk space; else report this sentence.",
)
NO_SPARK = declare(
    "spark.not-installed",
    Kind.UNSUPPORTED,
    "screening on Spark needs the extra 'spark', which is not installed.",
    "Run: pip install 'hearthline[spark]'. Without it, leave out --engine spark.",
)
NO_JAVA = declare(
    "spark.no-java",
    Kind.UNSUPPORTED,
    "Spark needs Java {least} or newer, and there is none on {where}.",
    "On Debian or Ubuntu: apt-get install -y openjdk-17-jre-headless. Elsewhere set JAVA_HOME.",
)
OLD_JAVA = declare(
    "spark.old-java",
    Kind.UNSUPPORTED,
    "Spark needs Java {least} or newer, and {java} is of version {version}.",
    "Install a newer Java, or set JAVA_HOME to one.",
)
UNREACHABLE = declare(
    "spark.unreachable",
    Kind.REFUSED,
    "the master {master} did not answer within {seconds} seconds.",
    "Nothing has run. Check its address and port, that it is running, and what stands between.",
)
NO_WORKERS = declare(
    "spark.no-workers",
    Kind.REFUSED,
    "the master {master} gave no executor within {seconds} seconds.",
    "Nothing has run. Check that workers are running and have the memory and cores that are asked for.",
)
SPARK_NOT_STARTED = declare(
    "spark.not-started",
    Kind.REFUSED,
    "Spark did not start with the master {master}: {reason}.",
    "Nothing has run. Check the address of the master, the memory asked for and the settings of Spark.",
)
SPARK_MEMORY = declare(
    "spark.out-of-memory",
    Kind.REFUSED,
    "Spark ran out of memory at the step {step}.",
    "Nothing was written. Give more with --memory or spark.executor.memory, or use more partitions.",
)
SPARK_GONE = declare(
    "spark.gone",
    Kind.INTERNAL,
    "the Java machine of Spark ended at the step {step}: {reason}.",
    "Nothing was written. Check the memory of this machine; Java may have been stopped for want of it.",
)
