"""The catalogues of words: which strings the code and the templates hold, and bringing the files of `locale/` in line with them.

Strings are found with Babel, so that neither a developer nor a bare machine needs GNU gettext.
"""

import ast
import re
from collections.abc import Iterator
from io import BytesIO, StringIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PLACES = ("cpc", "partners", "funding", "activities", "templates")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
CALL = re.compile(r"\b(_|gettext|ngettext|pgettext|npgettext)\(")  # "_": a text that a template hands to a tag or a filter
LANGUAGES = ("en", "es")


def found_strings(root: Path) -> Catalog:
    """Every translatable string below `root`, with where it stands."""
    catalogue = Catalog(fuzzy=False)
    for path in sources(root):
        where = path.relative_to(root).as_posix()
        for line, message, _comments, context in strings_of(path):
            catalogue.add(message, locations=[(where, line)], context=context, flags=formats(message))
    return catalogue


def sources(root: Path) -> Iterator[Path]:
    for place in PLACES:
        for path in sorted((root / place).rglob("*")):
            if path.suffix in (".py", ".html", ".txt") and "migrations" not in path.parts and path.is_file():
                yield path


def strings_of(path: Path):
    """(line, message or (singular, plural), comments, context) for each string of a file."""
    if path.suffix == ".py":
        return list(extract("python", BytesIO(path.read_bytes()), keywords=KEYWORDS))
    return list(strings_of_template(path))


def strings_of_template(path: Path):
    """As `strings_of`. Django turns a template into calls of gettext with everything else blanked out; they are read one by
    one."""
    code = templatize(path.read_text(), origin=path.name)
    for call in CALL.finditer(code):
        line = code.count("\n", 0, call.start()) + 1
        arguments = [node.value for node in parsed_call(code[call.start() :]).args if isinstance(node, ast.Constant)]
        context = arguments.pop(0) if call.group(1) in ("pgettext", "npgettext") else None
        texts = tuple(text for text in arguments if isinstance(text, str))
        yield line, texts if call.group(1)[0] == "n" else texts[0], [], context


def parsed_call(code: str) -> ast.Call:
    """The call that `code` begins with; what follows it is not Python."""
    depth, quote, i = 0, "", 0
    while i < len(code):
        letter = code[i]
        if quote:
            if letter == "\\":
                i += 1
            elif letter == quote:
                quote = ""
        elif letter in "'\"":
            quote = letter
        elif letter == "(":
            depth += 1
        elif letter == ")":
            depth -= 1
            if depth == 0:
                return ast.parse(code[: i + 1].replace("\n", " "), mode="eval").body
        i += 1
    raise ValueError("a call of gettext without an end")


def formats(message) -> set[str]:
    text = message if isinstance(message, str) else " ".join(message)
    return {"python-format"} if re.search(r"%\(\w+\)[sd]", text) else set()


def path_of(root: Path, language: str) -> Path:
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def read_catalogue(root: Path, language: str) -> Catalog:
    """The catalogue of a language as it stands; an empty one where there is none."""
    path = path_of(root, language)
    if not path.exists():
        return new_catalogue(language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def new_catalogue(language: str) -> Catalog:
    return Catalog(locale=language, project="Alianza", fuzzy=False, header_comment="# The words of Alianza.")


def brought_up_to_date(root: Path, language: str) -> Catalog:
    """The catalogue with exactly the strings that are found: translations kept, new ones empty, unused ones dropped. Nothing
    is guessed."""
    old, fresh = read_catalogue(root, language), new_catalogue(language)
    for message in sorted(found_strings(root), key=lambda m: (m.locations[0] if m.locations else ("", 0), str(m.id))):
        if not message.id:
            continue
        known = old.get(message.id, context=message.context)
        where = sorted({name for name, _line in message.locations})
        fresh.add(
            message.id,
            known.string if known else None,
            locations=[(name, None) for name in where],
            context=message.context,
            flags=message.flags,
        )
    return fresh


def written(catalogue: Catalog) -> str:
    """The text of a catalogue file; the same strings always give the same bytes."""
    buffer = BytesIO()
    write_po(buffer, catalogue, width=120, omit_header=True, include_lineno=False)
    plurals = f'"Plural-Forms: {catalogue.plural_forms}\\n"'
    head = StringIO()
    head.write(
        f'msgid ""\nmsgstr ""\n"Language: {catalogue.locale}\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n{plurals}\n\n'
    )
    return head.getvalue() + buffer.getvalue().decode().rstrip() + "\n"


def write_catalogue(root: Path, language: str) -> tuple[int, int]:
    """Bring the file of a language in line. Returns how many strings there are and how many wait for a translation."""
    catalogue = brought_up_to_date(root, language)
    path = path_of(root, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(written(catalogue))
    messages = [message for message in catalogue if message.id]
    return len(messages), sum(not translated(message) for message in messages)


def translated(message) -> bool:
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(strings)
