# SPDX-License-Identifier: Apache-2.0
"""Decides that an officer who reads Chinese finds no English sentence on any page that a role can open."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser

from tests.service.browser import View, look
from tests.service.e2e.office import Office
from tests.service.e2e.test_screenshots import AT_THE_DOOR, PAGES

ENGLISH = re.compile(r"[A-Za-z]{2,}(?:[ ,.:;]+[A-Za-z]{2,}){2,}")
"""Three words of Latin letters: a sentence, or the beginning of one."""
CHINESE = re.compile(r"[\u4e00-\u9fff]")
WRITTEN_BY_PEOPLE = ("With the line of 2011 as it is quoted elsewhere.",)
"""Notes of officers stand as they were written."""
TEXTS = """() => {
  const found = [document.title];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode;
    const apart = node.parentElement.closest('script, style, code, pre, textarea, [lang=en]');
    if (!apart) found.push(node.textContent);
  }
  for (const name of ['title', 'aria-label', 'placeholder', 'alt', 'data-label'])
    for (const each of document.querySelectorAll(`[${name}]`)) found.push(each.getAttribute(name));
  return found.map(text => text.trim()).filter(text => text);
}"""
FORMULA = re.compile(r"[=<>*_()]|\b(?:and|or|not|when|else|end|case)\b")


def english_on(view: View) -> list[str]:
    """What stands in English on the page that is open; formulas are written as the package has them."""
    return [
        text
        for text in view.page.evaluate(TEXTS)
        if ENGLISH.search(text)
        and not CHINESE.search(text)
        and not FORMULA.search(text)
        and not any(said in text for said in WRITTEN_BY_PEOPLE)
    ]


@pytest.mark.slow
def test_no_page_says_anything_in_english_to_who_reads_chinese(office: Office, browser: Browser) -> None:
    found: dict[str, list[str]] = {}
    with look(browser, office.address, language="zh") as view:
        for name, address in AT_THE_DOOR.items():
            view.open(address(office))
            found[name] = english_on(view)
    for username, pages in PAGES.items():
        with office.visit(browser, username) as view:
            for name, address in pages.items():
                view.open(address(office))
                found[f"{username} {name}"] = english_on(view)
    assert len(found) > 60
    assert {name: texts for name, texts in found.items() if texts} == {}
