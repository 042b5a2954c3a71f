"""The house has floors: code imports downward only. Every import statement counts, late ones too, and every foreign key."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model

ROOT = Path(__file__).resolve().parent.parent
# A place may import what stands on a lower floor, or before it within the same list.
FLOORS = [
    ["cpc.core"],
    ["cpc.reference", "cpc.audit", "cpc.accounts"],
    ["partners"],
    ["funding.awards", "funding.pledges"],
    ["activities.deadlines", "activities.regional", "activities.reporting", "activities.dialogues"],
    ["cpc.approvals", "cpc.dashboards", "cpc.notices", "cpc.exports", "cpc.api"],
]
ROOF = set(FLOORS[-1])
APARTMENTS = {place for floor in FLOORS for place in floor}
# One app, one migration history and one place for its tasks: these see their own slices.
WHOLE_APPS = {"funding", "activities"}
OUTSIDE = {"cpc.settings", "cpc.urls", "cpc.celery", "cpc.wsgi", "cpc.asgi", "cpc.launch", "manage", "tests", "cpc"}


def rank(place: str) -> tuple[int, int]:
    for number, floor in enumerate(FLOORS):
        if place in floor:
            return number, floor.index(place)
    number = next(n for n, floor in enumerate(FLOORS) if floor[0].startswith(place + "."))
    return number, len(FLOORS[number])


def place_of(module: str) -> str | None:
    """The place that a module of ours stands in; None for a foreign one."""
    for place in sorted(APARTMENTS | WHOLE_APPS | OUTSIDE, key=len, reverse=True):
        if module == place or module.startswith(place + "."):
            return place
    return None


def modules():
    for top in ("cpc", "partners", "funding", "activities"):
        for path in (ROOT / top).rglob("*.py"):
            yield path, ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports_of(path: Path, module: str):
    """The full names that `path` imports, relative ones resolved."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            yield source
            yield from (f"{source}.{alias.name}" for alias in node.names)


def may_import(importer: str, imported: str) -> bool:
    if imported == importer or importer in OUTSIDE:
        return True
    if imported in OUTSIDE:
        return imported == "cpc"
    if importer in ROOF and imported in ROOF:
        return False
    if imported in WHOLE_APPS and importer.startswith(imported + "."):
        return False
    return rank(imported) < rank(importer)


def is_free(module: str) -> bool:
    """Management commands may import anything; migrations are history."""
    return ".management." in module or ".migrations" in module


FREE = [(path, module) for path, module in modules() if not is_free(module)]


@pytest.mark.parametrize(("path", "module"), FREE, ids=[module for _, module in FREE])
def test_module_imports_downward_only(path, module):
    importer = place_of(module)
    upward = {name for name in imports_of(path, module) if (place := place_of(name)) and not may_import(importer, place)}
    assert not upward, f"{module} ({importer}) imports upward: {sorted(upward)}"


def test_the_rule_would_see_an_upward_import():
    assert not may_import("partners", "funding.awards")
    assert not may_import("activities.deadlines", "activities.reporting")
    assert not may_import("cpc.dashboards", "cpc.api")
    assert may_import("cpc.dashboards", "activities.reporting")


@pytest.mark.parametrize("folder", ["cpc/__init__.py", "cpc/settings.py"])
def test_the_ground_imports_nothing_of_ours(folder):
    path = ROOT / folder
    assert not [name for name in imports_of(path, folder.removesuffix(".py").replace("/", ".")) if place_of(name)]


def test_foreign_keys_point_downward_only():
    upward = []
    for model in apps.get_models(include_auto_created=True):
        here = place_of(model.__module__)
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if here is None or not field.concrete or not target or not (there := place_of(target.__module__)):
                continue
            if target is get_user_model():  # named through the settings, never imported
                continue
            if not may_import(here, there):
                upward.append(f"{model.__name__}.{field.name} -> {target.__name__}")
    assert not upward
