# SPDX-License-Identifier: Apache-2.0
"""Decides that the documents are true: complete, current, their links alive, their commands real."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from hearthline.base.problems import catalogue
from scripts.measure import ROOT, project_files, relative
from scripts.reference import Command, commands, find_program, import_everything, pages

DOCUMENTS = project_files("*.md")
PAGES = [file for file in DOCUMENTS if relative(file).startswith("docs/")]
SOURCE = ROOT / "src" / "hearthline"
REFERENCE = ROOT / "docs" / "reference"
KINDS = {"tutorial", "how-to", "reference", "explanation", "decisions"}
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SETTING = re.compile(r"\bHEARTHLINE_[A-Z][A-Z_]*[A-Z]\b")
WORD = re.compile(r"`([^`]+)`")
HEADING = re.compile(r"^#+ +(.+?) *(?:\{#([\w-]+)\})?$", re.MULTILINE)
SETTERS = ("src/", "tests/", "scripts/", "benchmarks/", "Makefile", ".ci/")


def without_code(text: str) -> str:
    """A document without its fenced examples and its code words."""
    return re.sub(r"`[^`\n]*`", "", FENCE.sub("", text))


def anchors(text: str) -> set[str]:
    """The anchors that headings of a document give, as GitHub and the site make them."""
    found = set()
    for title, own in HEADING.findall(FENCE.sub("", text)):
        words = re.sub(r"[^\w\- ]", "", re.sub(r"[`*]", "", title).lower())
        found |= {own, words.strip().replace(" ", "-"), re.sub(r"[-\s]+", "-", words).strip("-")}
    return found


def dead_links(document: Path) -> list[str]:
    """Relative links of a document that lead nowhere."""
    dead = []
    for target in LINK.findall(without_code(document.read_text(encoding="utf-8"))):
        path, _, anchor = target.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        file = (document.parent / path).resolve() if path else document
        if not file.exists() or (
            anchor and file.suffix == ".md" and anchor not in anchors(file.read_text(encoding="utf-8"))
        ):
            dead.append(f"{relative(document)}: {target}")
    return dead


def documented_commands() -> list[tuple[str, str]]:
    """Every line of a shell example that calls the program, with its document; continued lines joined."""
    found = []
    for document in DOCUMENTS:
        for language, block in FENCE.findall(document.read_text(encoding="utf-8")):
            if language in {"sh", "bash", "console"}:
                for line in block.replace("\\\n", " ").splitlines():
                    call = line.strip().removeprefix("$ ").removeprefix(".venv/bin/")
                    if call.startswith("hearthline "):
                        found.append((relative(document), re.sub(r"\s+#.*", "", call)))
    return found


def faults_of(call: str, known: list[Command]) -> list[str]:
    """What the command line does not have of what a documented call uses."""
    words = call.split()
    paths = {command.path: command for command in known}
    named = [word for word in words[:3] if not word.startswith("-")]
    path = next((name for n in (3, 2) if (name := " ".join(named[:n])) in paths), " ".join(named[:2]))
    if path not in paths:
        return [f"there is no command '{path}'"]
    used = {word.split("=")[0] for word in words if re.match(r"--?[a-z]", word)} - {"--help", "--version"}
    return [f"'{path}' has no option {option}" for option in sorted(used - paths[path].options)]


def settings_used() -> set[str]:
    """Every setting that code, tests or the build read from the environment."""
    files = [file for file in project_files() if relative(file).startswith(SETTERS)]
    return {
        name for file in files for name in SETTING.findall(file.read_text(encoding="utf-8", errors="replace"))
    }


def test_the_readme_opens_with_the_two_commands() -> None:
    opening = (ROOT / "README.md").read_text(encoding="utf-8").split("\n", 12)[:12]
    assert [line.split()[:2] for line in opening if line.startswith("make ")] == [
        ["make", "demo"],
        ["make", "check"],
    ]


def test_every_relative_link_is_alive() -> None:
    dead = [link for document in DOCUMENTS for link in dead_links(document)]
    assert not dead, "; ".join(dead)


def test_a_dead_link_is_found(tmp_path: Path) -> None:
    page = ROOT / "docs" / "index.md"
    assert anchors("# Who is poor?\n## A `fact`\n") >= {"who-is-poor", "a-fact"}
    assert LINK.findall(without_code("[a](b.md) `[c](d.md)`")) == ["b.md"]
    assert not dead_links(page)


def test_every_page_is_of_one_kind() -> None:
    stray = [
        relative(page)
        for page in PAGES
        if page.parent.name not in KINDS
        and page.relative_to(ROOT / "docs").parts[0] not in KINDS
        and relative(page) not in {"docs/index.md", "docs/plan.md"}
    ]
    assert not stray, f"Neither tutorial, how-to, reference, explanation nor decision: {', '.join(stray)}"


def test_the_generated_reference_is_current() -> None:
    found = pages()
    assert {"problems.md", "command-line.md", "measures.md", "package-format.md"} <= {p.name for p in found}
    stale = [relative(p) for p, text in found.items() if p.read_text(encoding="utf-8") != text]
    assert not stale, f"Run 'make docs' and commit {', '.join(stale)}."


def test_every_problem_has_a_remedy_and_stands_in_the_reference() -> None:
    import_everything()
    text = (REFERENCE / "problems.md").read_text(encoding="utf-8")
    problems = catalogue()
    assert len(problems) > 10
    assert not [problem.code for problem in problems if f"`{problem.code}`" not in text]
    assert not [problem.code for problem in problems if not problem.message.rstrip().endswith((".", "}"))]
    assert not [problem.code for problem in problems if not problem.remedy]


def test_every_setting_is_documented_and_no_other() -> None:
    documented = set(SETTING.findall((REFERENCE / "settings.md").read_text(encoding="utf-8")))
    assert settings_used() == documented


def test_every_documented_command_exists() -> None:
    known = commands(find_program())
    if not known:
        pytest.skip("The command line is not built yet.")
    wrong = [
        f"{document}: {fault}" for document, call in documented_commands() for fault in faults_of(call, known)
    ]
    assert not wrong, "; ".join(wrong)


def test_a_documented_command_that_does_not_exist_is_found() -> None:
    known = [Command("hearthline screen", "", "", (), frozenset({"--out"}))]
    assert not faults_of("hearthline screen --out=build/run", known)
    assert faults_of("hearthline screen --colour", known) == ["'hearthline screen' has no option --colour"]
    assert faults_of("hearthline sceen", known) == ["there is no command 'hearthline sceen'"]


def test_every_layer_and_invariant_stands_in_the_architecture() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    rows = [row for contract in linter["contracts"] for row in contract.get("layers", [])]
    names = {name.strip().strip("()") for row in rows for name in row.split("|")}
    assert len(names) > 30
    assert not sorted(name for name in names if f"`{name}`" not in text)


def test_the_architecture_names_every_package_and_no_module_that_does_not_exist() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    packages = {folder.name for folder in SOURCE.iterdir() if (folder / "__init__.py").exists()}
    assert not sorted(name for name in packages if f"`{name}`" not in text)
    where = text[text.index("### Where to look") : text.index("## The life of one fact")]
    rows = [[WORD.findall(cell) for cell in row.split("|")[1:-1]] for row in where.splitlines() if "`" in row]
    assert len(rows) > 50
    assert not [
        f"{', '.join(folders)}: {module}"
        for _, folders, modules in rows
        for module in modules
        if not any(is_module(SOURCE / folder / module.replace(".", "/")) for folder in folders)
    ]


def is_module(path: Path) -> bool:
    """Whether a file or a folder of Python stands there."""
    return path.with_suffix(".py").exists() or path.is_dir()


def test_every_decision_names_what_keeps_it() -> None:
    records = [page for page in PAGES if page.parent.name == "decisions" and page.name[0].isdigit()]
    assert len(records) >= 4
    for number, record in enumerate(records, 1):
        text = record.read_text(encoding="utf-8").rstrip()
        assert record.name.startswith(f"{number:04}-"), f"{record.name}: numbers follow each other"
        assert text.split("\n\n")[-1].startswith("Kept by:"), f"{record.name} does not end with 'Kept by:'"
        assert len(text.splitlines()) <= 60, f"{record.name} is longer than one page"


def test_a_decision_is_kept_by_tests_and_contracts_that_exist() -> None:
    for record in (page for page in PAGES if page.parent.name == "decisions"):
        kept = record.read_text(encoding="utf-8").rstrip().split("\n\n")[-1]
        for path in re.findall(r"`((?:tests|src|scripts)/[\w/.-]+|pyproject\.toml)`", kept):
            assert (ROOT / path).exists(), f"{record.name} is kept by {path}, which does not exist"
