"""What in a PDF could act on the machine of its reader. Pure; the rules look at names, which a PDF may write in hex (`/J#53`).

This is no virus scanner: it finds the parts of the format that run, open or carry something, in the file and in its compressed
object streams. Source: ISO 32000-1, 7.5.7 (object streams), 12.6.4 (actions), 7.11.4 (embedded files).
"""

import re
import zlib

START = b"%PDF-"
HEX_IN_NAME = re.compile(rb"#([0-9A-Fa-f]{2})")
ACTS = re.compile(rb"/(JavaScript|Launch|SubmitForm|ImportData|RichMedia|XFA)(?![A-Za-z0-9])")
CARRIES = re.compile(rb"/(EmbeddedFiles?|Filespec)(?![A-Za-z0-9])")
ENCRYPTED = re.compile(rb"/Encrypt(?![A-Za-z0-9])")
STREAM = re.compile(rb"stream\r?\n")
DICTIONARY = 2048  # how far before a stream its dictionary is looked for
MOST_UNPACKED = 64 * 1024 * 1024
END_OF_ZIP = b"PK\x05\x06"
ZIP_COMMENT = 66_000  # a zip's directory ends within so many bytes of the end


class Unreadable(ValueError):
    """A part of the file cannot be looked into."""


def is_pdf(data: bytes) -> bool:
    return data.startswith(START) and b"%%EOF" in data[-2048:]


def is_also_a_zip(data: bytes) -> bool:
    return END_OF_ZIP in data[-ZIP_COMMENT:]


def fault_in(data: bytes) -> str:
    """ "acts", "carries" or "encrypted" for what makes the file unfit, "" for none. Raises Unreadable."""
    for part in parts_of(data):
        plain = HEX_IN_NAME.sub(lambda found: bytes([int(found[1], 16)]), part)
        for name, pattern in (("encrypted", ENCRYPTED), ("acts", ACTS), ("carries", CARRIES)):
            if pattern.search(plain):
                return name
    return ""


def parts_of(data: bytes):
    """The file as it lies, and each of its object streams unpacked."""
    yield data
    left = MOST_UNPACKED
    for found in STREAM.finditer(data):
        before = data[max(0, found.start() - DICTIONARY) : found.start()]
        dictionary = HEX_IN_NAME.sub(lambda one: bytes([int(one[1], 16)]), before[before.rfind(b" obj") :])
        if b"/ObjStm" in dictionary:
            part = unpacked(data[found.end() :], dictionary, left)
            left -= len(part)
            yield part


def unpacked(data: bytes, dictionary: bytes, left: int) -> bytes:
    """An object stream. Raises Unreadable where it is packed in another way than the usual one, or too large."""
    if b"/Filter" not in dictionary:
        return data[: data.find(b"endstream")]
    filters = re.search(rb"/Filter\s*(\[[^\]]*\]|/\w+)", dictionary)
    if not filters or filters[1].strip(b"[] \t\r\n") != b"/FlateDecode":
        raise Unreadable("an object stream with another filter")
    try:
        part = zlib.decompressobj().decompress(data, left + 1)
    except zlib.error:
        raise Unreadable("an object stream that cannot be unpacked") from None
    if len(part) > left:
        raise Unreadable("object streams that are too large")
    return part
