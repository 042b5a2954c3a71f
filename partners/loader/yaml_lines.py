"""YAML read with the line of every key and value, and without its surprises.

Only null, true, false, whole and decimal numbers are more than text: a day stays "2017-06-15", Norway stays "NO". What could
mislead is refused: a key written twice, anchors and aliases, tags, a second document, control characters. The input counts as
hostile.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from .mistakes import FileRefused, Mistake, place_of

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MAX_BYTES = 20_000_000
MAX_DEPTH = 12
_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?([0-9][0-9_]*\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))([eE][-+]?[0-9]+)?|[-+]?\.inf|\.nan", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}


@dataclass
class YamlFile:
    """`data` is made of dict, list, str, int, float, bool and None. `mistakes` are those of the reading; the rest is usable."""

    name: str
    data: object = None
    mistakes: list[Mistake] = field(default_factory=list)
    lines: dict[tuple, int] = field(default_factory=dict)

    def line_of(self, path) -> int:
        """The line of the key or the item at `path`, or of the nearest thing around it."""
        path = tuple(path)
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def add_mistake(self, path, message: str):
        self.mistakes.append(Mistake(self.line_of(path), place_of(path), message))


def read_file(path) -> YamlFile:
    """Raises FileRefused where the file cannot be read at all, with the line if there is one."""
    path = Path(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise FileRefused([Mistake(0, "", f"The file is larger than {MAX_BYTES // 1_000_000} MB.")])
        raw = path.read_bytes()
    except OSError as error:
        raise FileRefused([Mistake(0, "", f"{path} cannot be read: {(error.strerror or str(error)).lower()}.")]) from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise FileRefused([Mistake(line, "", "The file is not UTF-8 text. Save it as UTF-8.")]) from None
    return read_text(text, name=path.name)


def read_text(text: str, *, name: str = "file") -> YamlFile:
    file = YamlFile(name)
    try:
        _Reader(file, yaml.parse(text, Loader=LOADER)).read()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else text.count("\n", 0, getattr(error, "position", 0)) + 1
        said = getattr(error, "problem", None) or getattr(error, "reason", None) or "unknown"
        file.mistakes.append(Mistake(line, "", f"The file is not YAML from here on: {said}."))
        raise FileRefused(file.mistakes) from None
    if not isinstance(file.data, dict):
        raise FileRefused([*file.mistakes, Mistake(1, "", "The file holds no sections. --schema prints what it may hold.")])
    return file


class _Reader:
    """Builds the data from the parser's events, so that a file nested without end is left early."""

    def __init__(self, file: YamlFile, events):
        self.file = file
        self.events = events

    def read(self):
        n_documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                n_documents += 1
                if n_documents > 1:
                    self.refuse(event, (), "A file holds one partnership; a second document (---) is not read.")
                    return
                self.file.data = self.value(next(self.events), ())

    def refuse(self, event, path, message):
        self.file.mistakes.append(Mistake(event.start_mark.line + 1, place_of(path), message))

    def value(self, event, path):
        self.file.lines.setdefault(path, event.start_mark.line + 1)
        if len(path) > MAX_DEPTH:
            self.refuse(event, path[:4], "The file is nested too deeply.")
            raise FileRefused(self.file.mistakes)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            self.refuse(event, path, "Anchors (&) and aliases (*) are not read. Write the value out.")
            if isinstance(event, yaml.AliasEvent):
                return None
        if event.tag not in (None, "!"):
            self.refuse(event, path, f"The tag {event.tag} is not read. Write plain text, numbers, lists and keys.")
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(path)
        return self.scalar(event, path)

    def mapping(self, path):
        found = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                self.refuse(event, path, "A key is one word, not a list or a group.")
                self.value(event, (*path, "?"))
                self.value(next(self.events), (*path, "?"))
                continue
            key, inside = event.value, (*path, event.value)
            if key in found:
                first = self.file.lines[inside]
                self.refuse(event, inside, f"The key {key} stands in line {first} already. Keep one of the two.")
                self.value(next(self.events), (*path, f"{key} (again)"))
                continue
            self.file.lines[inside] = event.start_mark.line + 1
            found[key] = self.value(next(self.events), inside)
        return found

    def sequence(self, path):
        items = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self.value(event, (*path, len(items))))
        return items

    def scalar(self, event, path):
        text = event.value
        if _CONTROL.search(text):
            self.refuse(event, path, "The text holds a control character. Take it out.")
            return _CONTROL.sub("", text)
        if not event.implicit[0]:
            return text
        if text.lower() in _WORDS:
            return _WORDS[text.lower()]
        if _INT.fullmatch(text):
            return int(text)
        return float(text.replace("_", "")) if _FLOAT.fullmatch(text) else text
