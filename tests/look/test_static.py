"""The files that a browser is given: whole, licensed, small, and good for hashed names."""

import gzip
import re

import pytest
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.storage import FileSystemStorage

from cpc.core import rendering

from .reading import STATIC, classes_known

STYLESHEETS = ("alianza.css", "first.css")
OWN = {"img/icon.svg"}


def addresses(stylesheet):
    css = (STATIC / "css" / stylesheet).read_text(encoding="utf-8-sig")
    return {address.strip("\"'") for address in re.findall(r"url\(([^)]*)\)", css)} - {"", "#hatch"}


@pytest.mark.parametrize("stylesheet", STYLESHEETS)
def test_stylesheet_names_files_by_relative_addresses_that_exist(stylesheet):
    assert addresses(stylesheet)
    for address in addresses(stylesheet):
        assert address.startswith("../"), address
        assert (STATIC / "css" / address).resolve().is_file(), address


def test_static_files_can_be_collected_under_hashed_names(tmp_path):
    """What production does: the run fails for an address in a stylesheet that leads nowhere."""
    storage = ManifestStaticFilesStorage(location=tmp_path, base_url="/static/")
    source = FileSystemStorage(location=STATIC)
    names = [str(path.relative_to(STATIC)) for path in STATIC.rglob("*") if path.is_file()]
    for name in names:
        with source.open(name) as file:
            storage._save(name, file)
    failed = [
        name for name, _, done in storage.post_process({name: (source, name) for name in names}) if isinstance(done, Exception)
    ]
    assert failed == []
    css = (tmp_path / storage.stored_name("css/alianza.css")).read_text(encoding="utf-8-sig")
    assert re.search(r"url\(\"?\.\./fonts/public-sans\.[0-9a-f]{12}\.woff2", css)


def test_vendored_files_stand_in_the_table_of_licences():
    table = (STATIC / "licences.md").read_text()
    patterns = [re.escape(name).replace(r"\*", "[^/]*") for name in re.findall(r"`([a-z-]+/[^`]*)`", table)]
    folders = ("img", "fonts", "css")
    files = {str(path.relative_to(STATIC)) for folder in folders for path in (STATIC / folder).rglob("*") if path.is_file()}
    unlisted = {name for name in files - OWN if not any(re.fullmatch(pattern, name) for pattern in patterns)}
    assert unlisted == set()
    for text in ("fonts/OFL.txt", "scss/USWDS-LICENSE.md"):
        assert text in table
        assert (STATIC / text).stat().st_size > 1000


def test_static_files_stay_within_their_weight():
    """First visit of any page ≤ 60 KB, of that JavaScript ≤ 15 KB and one font ≤ 20 KB."""
    weight = {path: len(gzip.compress(path.read_bytes(), 9)) for path in STATIC.rglob("*") if path.suffix in (".css", ".js")}
    assert weight[STATIC / "css/alianza.css"] <= 15_000
    assert weight[STATIC / "css/first.css"] <= 7_500
    assert sum(size for path, size in weight.items() if path.suffix == ".js") <= 15_000
    assert [path.stat().st_size <= 20_000 for path in STATIC.rglob("*.woff2")] == [True]


def test_inlined_styles_are_the_short_stylesheet_with_absolute_addresses():
    css, source = rendering.inline_styles()
    assert not css.startswith("\ufeff")
    assert "url(../" not in css
    assert "url(/static/fonts/public-sans.woff2)" in css
    assert re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", source)


def test_scripts_hold_no_address_of_others():
    for path in (STATIC / "js").rglob("*.js"):
        assert "http" not in path.read_text(), path


def test_stylesheet_was_built_after_its_sources_changed():
    """Cheap proof without Node: every own class of the sources is in the result, and none that has left them."""
    sources = "".join(re.sub(r"//.*", "", path.read_text()) for path in (STATIC / "scss").glob("*.scss"))
    written = set(re.findall(r"\.(al-[\w-]+)", sources))
    assert written == {name for name in classes_known("alianza.css") if name.startswith("al-")}
