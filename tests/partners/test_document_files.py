"""What may be kept as a file: decided by content, cleaned, and refused with a sentence that says what to do."""

import struct
import zlib

import pytest
from django.core.exceptions import ValidationError

from partners.documents import images
from partners.documents.files import LARGEST, clean_file
from partners.documents.names import safe_name

PDF = b"%%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n%s\ntrailer << /Root 1 0 R >>\n%%%%EOF\n"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def a_pdf(inside=b""):
    return PDF % inside


def object_stream(content, filters=b"/FlateDecode", name=b"/ObjStm"):
    packed = zlib.compress(content) if b"Flate" in filters else content
    return b"2 0 obj << /Type %s /Filter %s /Length %d >> stream\n%s\nendstream endobj" % (name, filters, len(packed), packed)


def chunk(name, data=b""):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def a_png(width=1, height=1, extra=(), data=None):
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\0\0") if data is None else data)
    return images.PNG + head + b"".join(extra) + pixels + chunk(b"IEND")


def segment(marker, data):
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def exif(orientation=1, gps=b"-12.04318 -77.02824"):
    entries = struct.pack("<HHIHH", 0x0112, 3, 1, orientation, 0) + struct.pack("<HHII", 0x8825, 4, 1, 26)
    return segment(0xE1, b"Exif\0\0" + b"II*\0" + struct.pack("<IH", 8, 2) + entries + gps)


def a_jpeg(*extra, width=1, height=1, tail=b""):
    frame = segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\1\x11\0")
    jfif = segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
    scan = segment(0xDA, b"\1\1\0\0\x3f\0") + b"\x12\xff\0\x34\xff\xd0\x56"
    return b"\xff\xd8" + jfif + b"".join(extra) + frame + scan + b"\xff\xd9" + tail


def refused(content, name="note.pdf"):
    with pytest.raises(ValidationError) as caught:
        clean_file(content, name)
    return caught.value.code


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"MZ\x90\0" + b"\0" * 100, "program.pdf"), (b"\x7fELF" + b"\0" * 100, "program.png"),
        (b"<!doctype html><script>alert(1)</script>", "page.pdf"), (b"<svg onload=alert(1)>", "drawing.png"),
        (b"<?xml version='1.0'?><svg/>", "drawing.jpg"), (b"PK\x03\x04" + b"\0" * 100, "macros.docm"),
        (b"PK\x03\x04" + EICAR, "eicar.docx"), (b"PK\x05\x06" + b"\0" * 18, "empty.zip"), (EICAR, "eicar.com"),
        (b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)", "picture.gif"), (b"%!PS-Adobe-3.0", "note.pdf"),
        (b"\n%PDF-1.7\n%%EOF", "note.pdf"), (b"#!/bin/sh\n", "note.pdf"), (b"\0", "note.pdf"), (b"plain text", "note.pdf"),
    ],
)  # fmt: skip
def test_only_three_kinds_are_kept_whatever_the_name_says(content, name):
    assert refused(content, name) == "type"


def test_an_empty_and_a_too_large_file_are_refused():
    assert refused(b"") == "empty"
    assert refused(a_pdf(b" " * LARGEST)) == "too_large"


# PDF


def test_a_plain_pdf_is_kept_byte_for_byte():
    content = a_pdf(object_stream(b"1 0 << /Type /Page >>") + b" << /A << /S /URI /URI (https://example.org) >> >>")
    kept = clean_file(content, "Media note.pdf")
    assert (kept.content, kept.type, kept.name, kept.is_changed) == (content, "application/pdf", "Media note.pdf", False)
    assert len(kept.sha256) == 64


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        (b"<< /S /JavaScript /JS (app.alert(1)) >>", "acts"), (b"<< /S /Java#53cript >>", "acts"),
        (b"<</S/Launch/F(cmd.exe)>>", "acts"),
        (b"<< /S /#4c#61unch >>", "acts"), (b"<< /S /SubmitForm >>", "acts"), (b"<< /XFA 3 0 R >>", "acts"),
        (b"<< /Subtype /RichMedia >>", "acts"), (b"<< /Names << /JavaScript 4 0 R >> >>", "acts"),
        (b"<< /Type /EmbeddedFile >>", "carries"), (b"<< /Names << /EmbeddedFiles 4 0 R >> >>", "carries"),
        (b"<< /Encrypt 5 0 R >>", "encrypted"), (object_stream(b"1 0 << /S /JavaScript >>"), "acts"),
        (object_stream(b"1 0 << /S /JavaScript >>", name=b"/Obj#53tm"), "acts"),
        (object_stream(b"1 0 << /S /Launch >>", filters=b"[ /FlateDecode ]"), "acts"),
        (object_stream(b"hidden", filters=b"/LZWDecode"), "unreadable"),
        (object_stream(b"hidden", filters=b"[ /ASCIIHexDecode /Flate ]"), "unreadable"),
        (b"2 0 obj << /Type /ObjStm /Filter /FlateDecode >> stream\nno zlib\nendstream", "unreadable"),
    ],
)  # fmt: skip
def test_a_pdf_that_acts_carries_or_hides_something_is_refused(inside, code):
    assert refused(a_pdf(inside)) == code


def test_names_that_only_begin_alike_are_no_acts():
    assert clean_file(a_pdf(b"<< /LaunchPad 1 /EncryptMetadata false /JavaScripts 2 >>"), "a.pdf").type == "application/pdf"


def test_an_object_stream_that_unpacks_without_end_is_refused(monkeypatch):
    monkeypatch.setattr("partners.documents.pdf.MOST_UNPACKED", 100_000)
    assert refused(a_pdf(object_stream(b"\0" * 200_000))) == "unreadable"
    assert refused(a_pdf(object_stream(b"\0" * 60_000) * 2)) == "unreadable"


def test_a_pdf_that_is_an_archive_too_or_has_no_end_is_refused():
    assert refused(a_pdf() + b"PK\x05\x06" + b"\0" * 18) == "type"
    assert refused(b"%PDF-1.7\n1 0 obj") == "broken"


# Pictures


def test_a_png_loses_its_texts_and_what_follows_its_end():
    extra = [
        chunk(b"tEXt", b"Author\0Ana"),
        chunk(b"eXIf", b"gps"),
        chunk(b"gAMA", b"\0\0\xb1\x8f"),
        chunk(b"tIME", b"\7\xe4\1\1\1\1\1"),
    ]
    kept = clean_file(a_png(extra=extra) + b"<script>alert(1)</script>", "map.png")
    assert kept.content == a_png(extra=[extra[2]])
    assert kept.is_changed
    assert not clean_file(kept.content, "map.png").is_changed


@pytest.mark.parametrize(
    "content",
    [
        images.PNG, images.PNG + chunk(b"IEND"), a_png()[:-6], a_png().replace(b"IDAT", b"IDAX"), a_png(width=0),
        a_png()[:20] + b"\xff" + a_png()[21:], images.PNG + chunk(b"IHDR", b"short") + chunk(b"IEND"),
    ],
)  # fmt: skip
def test_a_damaged_png_is_refused(content):
    assert refused(content, "map.png") == "broken"


def test_a_picture_of_too_many_pixels_is_refused_without_unpacking_it():
    assert refused(a_png(width=50_000, height=50_000)) == "too_large"
    assert refused(a_jpeg(width=50_000, height=50_000)) == "too_large"


def test_a_jpeg_loses_place_comment_and_what_follows_its_end():
    content = a_jpeg(exif(), segment(0xFE, b"taken by Ana"), segment(0xED, b"Photoshop"), tail=b"PK\x03\x04")
    kept = clean_file(content, "photo.jpeg")
    assert kept.content == a_jpeg()
    assert (kept.type, kept.name, kept.is_changed) == ("image/jpeg", "photo.jpg", True)
    assert b"-12.04318" not in kept.content


def test_a_jpeg_keeps_which_way_is_up_and_its_colours():
    colours = segment(0xE2, b"ICC_PROFILE\0\1\1data")
    kept = clean_file(a_jpeg(exif(orientation=6), colours), "photo.jpg").content
    assert colours in kept
    assert b"-12.04318" not in kept
    again = clean_file(kept, "photo.jpg")
    assert not again.is_changed
    assert images.orientation_of(kept[kept.index(b"Exif\0\0") :]) == 6


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xd8\xff", b"\xff\xd8\xff\xd9", a_jpeg()[:-2], a_jpeg()[:40], b"\xff\xd8" + segment(0xE0, b"JFIF\0") + b"\0\0",
        b"\xff\xd8\xff\xe0\xff\xff", a_jpeg(width=0), b"\xff\xd8" + segment(0xC0, b"\x08") + b"\xff\xd9",
    ],
)  # fmt: skip
def test_a_damaged_jpeg_is_refused(content):
    assert refused(content, "photo.jpg") == "broken"


@pytest.mark.parametrize(
    "tiff",
    [
        b"", b"II*\0", b"XX*\0\x08\0\0\0\0\0", b"II*\0\xff\xff\xff\xff\0\0", b"II*\0\x08\0\0\0\xff\xff",
        b"MM\0*\0\0\0\x08\0\1\1\x12",
    ],
)  # fmt: skip
def test_a_broken_exif_segment_turns_nothing(tiff):
    assert images.orientation_of(b"Exif\0\0" + tiff) == 1


# Names


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Media note.pdf", "Media note.pdf"), ("Acta de diálogo (2020).PDF", "Acta de diálogo (2020).pdf"),
        ("a.pdf.exe", "a-pdf-exe.pdf"), ("CON", "document-CON.pdf"), ("con.pdf", "document-con.pdf"),
        ("lpt1.pdf", "document-lpt1.pdf"),
        ("../../etc/passwd", "passwd.pdf"), ("..\\..\\boot.ini", "boot-ini.pdf"), ("\\\\host\\share\\x.pdf", "x.pdf"),
        (".htaccess", "htaccess.pdf"), ("note.pdf ", "note.pdf"), ("note.", "note.pdf"), ("", "document.pdf"),
        ("...", "document.pdf"),
        ("\u202efdp.exe", "fdp-exe.pdf"), ("a\x00b.pdf", "ab.pdf"), ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie- x.pdf"),
        ('a"; filename*=UTF-8\'\'b.exe', "a- filename-UTF-8-b-exe.pdf"), ("x" * 300 + ".pdf", "x" * 100 + ".pdf"),
        ("<script>.pdf", "script.pdf"), ("{{7*7}}.pdf", "7-7.pdf"),
    ],
)  # fmt: skip
def test_a_name_keeps_what_a_person_reads_and_gets_the_ending_of_its_content(name, kept):
    assert safe_name(name, "application/pdf") == kept
