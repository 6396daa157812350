# SPDX-License-Identifier: Apache-2.0
"""Decides how the size of the code is counted, and which files and functions are over the aim."""

from __future__ import annotations

import ast
import re
import subprocess
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
FILE_AIM, FILE_LIMIT, TEST_FILE_LIMIT = 300, 500, 600
FUNCTION_AIM, FUNCTION_LIMIT = 40, 70
SILENCED: Final = re.compile(r"#\s*(noqa|type:\s*ignore)\b")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Length:
    """A file or function with the number of its lines."""

    place: str
    lines: int


def project_files(*patterns: str) -> list[Path]:
    """Files that are in the repository or about to be: tracked, or new and not ignored."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *patterns]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return sorted(path for name in set(listed.split("\0")) - {""} if (path := ROOT / name).is_file())


def relative(path: Path) -> str:
    """The path as a person names it, from the root of the repository."""
    return path.relative_to(ROOT).as_posix()


def functions(tree: ast.AST) -> Iterator[Function]:
    """Every function and method of a module, nested ones included."""
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def file_lengths(files: list[Path]) -> list[Length]:
    """The number of lines of each file."""
    return [Length(relative(file), len(file.read_text(encoding="utf-8").splitlines())) for file in files]


def function_lengths(files: list[Path]) -> list[Length]:
    """The number of lines of each function, from ``def`` to its last line."""
    return [
        Length(
            f"{relative(file)}:{node.lineno} {node.name}", (node.end_lineno or node.lineno) - node.lineno + 1
        )
        for file in files
        for node in functions(ast.parse(file.read_text(encoding="utf-8")))
    ]


def silenced_lines(files: list[Path]) -> list[str]:
    """The comments that switch a check off; the same words inside a text do not count."""
    found = []
    for file in files:
        with tokenize.open(file) as source:
            for token in tokenize.generate_tokens(source.readline):
                if token.type == tokenize.COMMENT and SILENCED.search(token.string):
                    found.append(f"{relative(file)}:{token.start[0]}: {token.string}")
    return found


def main() -> None:
    """Print the counts, and what is over the aim though within the limit."""
    code = project_files("*.py")
    source = [file for file in code if relative(file).startswith("src/")]
    print(
        f"{len(source)} source files, {sum(length.lines for length in file_lengths(source))} lines;", end=" "
    )
    print(f"{len(code) - len(source)} files of tests and scripts.")
    print(f"noqa and type: ignore: {len(silenced_lines(code))}.")
    for title, lengths, aim in (
        ("Files", file_lengths(source), FILE_AIM),
        ("Functions", function_lengths(source), FUNCTION_AIM),
    ):
        over = sorted((length for length in lengths if length.lines > aim), key=lambda length: -length.lines)
        print(f"{title} over the aim of {aim} lines: {len(over)}.")
        for length in over:
            print(f"  {length.lines:4} {length.place}")


if __name__ == "__main__":
    main()
