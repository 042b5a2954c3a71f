"""What holds for every template of the project."""

import re

import pytest
from django.contrib.staticfiles import finders

from .reading import PYTHON, ROOT, TEMPLATES, bare, classes_built, classes_drawn, classes_known, name_of, unknown

every_template = pytest.mark.parametrize("path", TEMPLATES, ids=name_of)


@every_template
def test_template_keeps_the_content_security_policy(path):
    html = bare(path.read_text())
    assert not re.search(r"\sstyle\s*=", html), "a style attribute"
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", html), "a script in an attribute"
    assert "javascript:" not in html
    for opening in re.findall(r"<script\b[^>]*>", html):
        assert " src=" in opening or 'type="application/json"' in opening, f"an inline script: {opening}"


@every_template
def test_template_uses_only_classes_of_the_stylesheet(path):
    assert unknown(classes_drawn(path.read_text()), classes_known("alianza.css")) == set()


def test_python_uses_only_classes_of_the_stylesheet():
    known = classes_known("alianza.css")
    assert {name_of(path): found for path in PYTHON if (found := unknown(classes_built(path.read_text()), known))} == {}


@every_template
def test_template_names_static_files_that_exist(path):
    for name in re.findall(r"{% static ['\"]([^'\"]+)['\"]", path.read_text()):
        assert finders.find(name), name


@every_template
def test_template_comments_end_on_their_line(path):
    """Django prints a `{# … #}` that spans lines as text."""
    for line in path.read_text().splitlines():
        assert line.count("{#") == line.count("#}"), line


def pieces_of(path, seen=()):
    """A template and everything it includes by name."""
    yield path
    for name in re.findall(r"{% include ['\"]([^'\"]+)['\"]", path.read_text()):
        piece = ROOT / "templates" / name
        if piece not in seen:
            yield from pieces_of(piece, (*seen, path))


FRAME = [ROOT / "templates" / name for name in ("base.html", "includes/_notice.html")]
INLINED = [path for path in TEMPLATES if path.name != "base.html" and "{% block styles %}" in path.read_text()]


@pytest.mark.parametrize("path", FRAME + INLINED, ids=name_of)
def test_page_with_its_styles_inside_uses_only_classes_of_these(path):
    known = classes_known("first.css")
    assert {
        name_of(piece): found for piece in pieces_of(path) if (found := unknown(classes_drawn(piece.read_text()), known))
    } == {}
