"""The name under which a file is offered again: what a person can recognise, and nothing that a system could act on. Pure."""

import re
import unicodedata

ENDINGS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}
KNOWN = re.compile(r"\.(pdf|png|jpe?g)$", re.IGNORECASE)
UNSAFE = re.compile(r"[^\w ,()\-]+")
# Names that Windows takes for devices, with any ending.
DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
LONGEST = 100


def safe_name(name: str, file_type: str) -> str:
    """`name` without its path, signs that show nothing, and every ending but the one that fits the content: "a.pdf.exe", found to
    be a PDF, is "a-pdf-exe.pdf"."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    visible = "".join(ch for ch in name if not unicodedata.category(ch).startswith("C")).strip()
    stem = UNSAFE.sub("-", KNOWN.sub("", visible)).strip(" -_,")[:LONGEST].rstrip(" -_,")
    if not stem or DEVICES.fullmatch(stem):
        stem = f"document-{stem}".rstrip("-")
    return f"{stem}.{ENDINGS[file_type]}"
