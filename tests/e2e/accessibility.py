"""axe-core on a page: WCAG 2.0 to 2.2, levels A and AA, and its best practices."""

import json
from functools import cache
from pathlib import Path

import axe_playwright_python

# Nothing is told of what passed: to find and to send that takes axe as long as to look for faults.
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


@cache
def axe_script() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()


def findings(page) -> list[str]:
    """What axe found, one line each. The script is evaluated through the debugging protocol, so the page's own policy stays in
    force."""
    page.evaluate(axe_script())
    violations = page.evaluate(f"axe.run(document, {json.dumps(RULES)}).then(found => found.violations)")
    return [f"{v['id']}: {node['target']} {node['failureSummary']}" for v in violations for node in v["nodes"]]


def scrolls_sideways(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
