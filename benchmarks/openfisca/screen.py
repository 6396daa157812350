# SPDX-License-Identifier: Apache-2.0
"""Screens a snapshot by the income criterion with OpenFisca: Parquet to arrays to OpenFisca to Parquet.

    python screen.py REPORT SNAPSHOT OUT.parquet builder|bare indices|text

Only the columns the criterion reads are read, and every array is dropped as soon as OpenFisca has its copy.
``builder`` declares lines, households and who belongs to whom through ``SimulationBuilder``, as the
documentation of OpenFisca does for a population in arrays. ``bare`` sets the counts and the indices of the
groups inside OpenFisca's objects by hand, which is right only because the households of a snapshot are
numbered without a gap. Codes go to ``set_input`` as the indices that Parquet already holds, or as an array of
texts.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from country import LineClass, LineStatus, income_country
from openfisca_core.indexed_enums import EnumArray
from openfisca_core.simulations import Simulation, SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

YEAR = "2017"
LINE = 2952.0


def column(files: list[Path], name: str, *, codes: bool = False) -> pa.ChunkedArray:
    """One column of a table of the snapshot."""
    read = [
        pq.read_table(file, columns=[name], read_dictionary=[name] if codes else None, partitioning=None)
        for file in files
    ]
    return pa.concat_tables(read).column(name)


def enumerated(values: pa.ChunkedArray, possible: type, added: int) -> EnumArray:
    """Codes as an array of OpenFisca, by index and never by text."""
    places = {member.name: member.index for member in possible}
    parts = [
        numpy.array([places[code] for code in chunk.dictionary.to_pylist()], dtype=numpy.uint8)[
            chunk.indices.to_numpy()
        ]
        for chunk in values.chunks
        if len(chunk)
    ]
    return EnumArray(lengthened(numpy.concatenate(parts), added), possible)


def codes_for(values: list[Path], name: str, possible: type, how: str, added: int) -> numpy.ndarray:
    """A column of codes as OpenFisca is to take it; a line that was added has the first code."""
    if how == "indices":
        return enumerated(column(values, name, codes=True), possible, added)
    texts = column(values, name).to_numpy().astype(str)
    return numpy.append(texts, numpy.full(added, next(iter(possible)).name)) if added else texts


Files = dict[str, list[Path]]


def built(system: TaxBenefitSystem, files: Files) -> tuple[Simulation, int]:
    """A simulation whose lines and households are declared as OpenFisca documents it, and the lines added.

    ``join_with_persons`` takes every group to have a person: after an empty one it joins all that follow to
    the wrong group, without a word. A household without a line gets an empty one, behind the others.
    """
    numbers = column(files["household"], "household_id").to_numpy()
    owners = column(files["income_line"], "household_id").to_numpy()
    lines = column(files["income_line"], "income_line_id").to_numpy()
    without = numpy.setdiff1d(numbers, owners)
    owners = numpy.append(owners, without)
    lines = numpy.append(lines, lines.max() + 1 + numpy.arange(len(without)))
    builder = SimulationBuilder()
    builder.create_entities(system)
    builder.declare_person_entity("income_line", lines)
    households = builder.declare_entity("household", numbers)
    # a role by its index: quicker than by its name, as the documentation has it
    builder.join_with_persons(households, owners, numpy.zeros(len(owners), dtype=numpy.int8))
    return builder.build(system), len(without)


def bare(system: TaxBenefitSystem, files: Files, count: int) -> tuple[Simulation, int]:
    """A simulation that is told counts and groups alone; no line is added."""
    populations = system.instantiate_entities()
    lines, households = populations["income_line"], populations["household"]
    # households are numbered 1, 2, 3 ..., so the number less one is the index of the group
    owners = column(files["income_line"], "household_id").to_numpy() - 1
    lines.count, households.count = len(owners), count
    households.members_entity_id = owners
    return Simulation(system, populations), 0


def lengthened(values: numpy.ndarray, added: int) -> numpy.ndarray:
    """Values of lines, and the first kind or nothing for each line that was added."""
    return (
        numpy.append(values, numpy.full(added, values.dtype.type(0), dtype=values.dtype)) if added else values
    )


def screened(snapshot: Path, way: str, how: str) -> tuple[Simulation, numpy.ndarray]:
    """The simulation with its inputs, and of which households the size is known."""
    tables = json.loads((snapshot / "manifest.json").read_text(encoding="utf-8"))["tables"]
    files = {name: [snapshot / file["path"] for file in table["files"]] for name, table in tables.items()}
    system = income_country(LINE)
    simulation, added = (
        built(system, files) if way == "builder" else bare(system, files, tables["household"]["rows"])
    )
    for variable, name, possible in (
        ("line_class", "class", LineClass),
        ("line_status", "status", LineStatus),
    ):
        codes = codes_for(files["income_line"], name, possible, how, added)
        simulation.set_input(variable, YEAR, codes)
    fen = column(files["income_line"], "amount").to_numpy()
    simulation.set_input("amount", YEAR, lengthened((fen / 100).astype(numpy.float32), added))
    days = column(files["income_line"], "received_on").cast(pa.int32()).fill_null(0)
    simulation.set_input("received_on", YEAR, lengthened(days.to_numpy(), added).astype("datetime64[D]"))
    size = column(files["household"], "size")
    simulation.set_input("size", YEAR, size.fill_null(0).to_numpy().astype(numpy.int32))
    return simulation, pc.is_valid(size).to_numpy()


def main() -> None:
    """Screen, and write what the other side writes: income, net income and the answer of each household."""
    report, snapshot, out = (Path(word) for word in sys.argv[1:4])
    wall, cpu = time.perf_counter(), time.process_time()
    simulation, known = screened(snapshot, *sys.argv[4:6])
    met = simulation.calculate("income_met", YEAR)
    words = numpy.where(known, met.astype(numpy.int8), 2).astype(numpy.int8)
    answers = pa.DictionaryArray.from_arrays(pa.array(words), pa.array(["not met", "met", "unknown"]))
    columns = {
        "household_id": pa.array(numpy.arange(1, len(words) + 1)),
        **{
            name: pa.array(simulation.calculate(name, YEAR))
            for name in ("income_received", "production_costs", "net_income")
        },
        "income": answers,
    }
    pq.write_table(pa.table(columns), out, compression="zstd")
    seconds = {"job_wall": time.perf_counter() - wall, "job_cpu": time.process_time() - cpu}
    report.write_text(json.dumps(seconds), encoding="utf-8")


if __name__ == "__main__":
    main()
