"""Reading templates, stylesheets and what they draw, without a browser."""

import re
from html.parser import HTMLParser
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
STATIC = ROOT / "static"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PACKAGES = ("cpc", "partners", "funding", "activities")
PYTHON = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
VALUE = "\0"  # stands where a template or a format puts a value


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def bare(source: str) -> str:
    """A template's HTML alone: comments and tags gone, each value replaced by VALUE."""
    source = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", source, flags=re.S)
    source = re.sub(r"{{.*?}}|{% (static|url|translate|querystring\w*) .*?%}", VALUE, source, flags=re.S)
    source = re.sub(r"{% (else|elif|empty)\b.*?%}", " ", source, flags=re.S)
    return re.sub(r"{%.*?%}", "", source, flags=re.S)


def classes_drawn(source: str) -> set[str]:
    return {name for value in re.findall(r'class="([^"]*)"', bare(source)) for name in value.split()}


def classes_built(source: str) -> set[str]:
    """The classes that Python code writes into HTML or gives to a widget."""
    values = re.findall(r'class=\\?"([^"\\]*)', source) + re.findall(r'"class": f?"([^".]*)"', source)
    return {re.sub(r"{.*?}", VALUE, name) for value in values for name in value.split()}


def classes_known(stylesheet: str) -> set[str]:
    css = (STATIC / "css" / stylesheet).read_text(encoding="utf-8-sig")
    css = re.sub(r"url\([^)]*\)|\"[^\"]*\"", "", css)
    return set(re.findall(r"\.(-?[A-Za-z_][\w-]*)", css))


def unknown(names: set[str], known: set[str]) -> set[str]:
    """Names that the stylesheet does not have; a name with a value in it needs at least one that begins alike."""
    return {
        name
        for name in names
        if name not in known and not (VALUE in name and any(k.startswith(name.split(VALUE)[0]) for k in known))
    }


class _Reader(HTMLParser):
    INLINE = {"a", "b", "code", "del", "i", "ins", "span", "strong", "time"}
    VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}

    def __init__(self):
        super().__init__()
        self.found, self.open = [], []

    def handle_starttag(self, tag, attrs):
        self.part(tag)
        element = Element(tag, {name: value if value is not None else "" for name, value in attrs})
        self.found.append(element)
        for parent in self.open:
            parent.inside.append(element)
        if tag not in self.VOID:
            self.open.append(element)

    def handle_endtag(self, tag):
        self.part(tag)
        while self.open and self.open.pop().tag != tag:
            pass

    def part(self, tag):
        """Words of two blocks do not run together."""
        if tag not in self.INLINE:
            self.handle_data(" ")

    def handle_data(self, data):
        for element in self.open:
            element.text = f"{element.text}{data}"


class Element:
    """One element: its tag, its attributes, all text below it with spaces collapsed, and every element below it."""

    def __init__(self, tag: str, attrs: dict[str, str]):
        self.tag, self.attrs, self.inside, self._text = tag, attrs, [], ""

    @property
    def text(self) -> str:
        return self._text

    @text.setter
    def text(self, value: str):
        self._text = re.sub(r"\s+", " ", value).lstrip()

    @property
    def words(self) -> str:
        return self._text.strip()

    @property
    def classes(self) -> set[str]:
        return set(self.attrs.get("class", "").split())

    def find(self, tag: str, **attrs) -> list["Element"]:
        return select(self.inside, tag, **attrs)


def select(elements: list[Element], tag: str, **attrs) -> list[Element]:
    """Elements with that tag whose attributes are these; `cls` is one of the classes, `_` in a name stands for `-`."""
    cls = attrs.pop("cls", None)
    wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attrs.items()}
    return [
        element
        for element in elements
        if element.tag == tag
        and (cls is None or cls in element.classes)
        and all(element.attrs.get(name) == value for name, value in wanted.items())
    ]


def read(html: str) -> Element:
    """The whole of a piece of HTML as one element."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    whole = Element("", {})
    whole.inside = reader.found
    whole.text = " ".join(re.sub(r"<[^>]*>", " ", html).split())
    return whole
