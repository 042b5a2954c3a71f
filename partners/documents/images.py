"""PNG and JPEG without what they say about where, when and by whom they were made. Pure; the picture itself is not touched.

Everything that is not needed to show the picture is left out, and so is all that follows its end. Sources: PNG (ISO 15948), 5;
JPEG (ITU-T T.81), Annex B; Exif 2.3, 4.5.4 and tag 0x0112 (orientation).
"""

import struct
import zlib

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"
# Chunks without which a PNG shows wrongly; the others are texts, times, Exif.
SHOWN = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs"}
MOST_PIXELS = 100_000_000
FRAMES = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
BARE = {0x01, *range(0xD0, 0xD8)}  # markers without a length
SCAN, END, EXIF, ICC, ADOBE, COMMENT = 0xDA, 0xD9, 0xE1, 0xE2, 0xEE, 0xFE
ORIENTATION = 0x0112


class Broken(ValueError):
    """The file is no whole picture of its kind."""


class TooLarge(ValueError):
    """More pixels than a reader's machine should have to unpack."""


def clean_png(data: bytes) -> bytes:
    """Raises Broken or TooLarge."""
    kept, place, names = [PNG], len(PNG), []
    while not names or names[-1] != b"IEND":
        head = data[place : place + 8]
        if len(head) < 8:
            raise Broken("the picture ends in the middle")
        length, name = struct.unpack(">I4s", head)
        chunk, place = data[place : place + 12 + length], place + 12 + length
        if len(chunk) < 12 + length or zlib.crc32(chunk[4:-4]) != int.from_bytes(chunk[-4:], "big"):
            raise Broken("a chunk is damaged")
        if not names:
            check_png_head(name, chunk)
        names.append(name)
        if name in SHOWN:
            kept.append(chunk)
    if b"IDAT" not in names:
        raise Broken("there is no picture in it")
    return b"".join(kept)


def check_png_head(name: bytes, chunk: bytes) -> None:
    if name != b"IHDR" or len(chunk) != 25:
        raise Broken("it does not begin with its size")
    check_size(*struct.unpack(">II", chunk[8:16]))


def check_size(width: int, height: int) -> None:
    if not width or not height:
        raise Broken("it has no size")
    if width * height > MOST_PIXELS:
        raise TooLarge(f"{width} × {height}")


def clean_jpeg(data: bytes) -> bytes:
    """The picture with its way up (a camera's orientation), without the rest of Exif. Raises Broken or TooLarge."""
    segments, place, has_frame, up = [], 2, False, 1
    while True:
        marker, place, segment = next_segment(data, place)
        if marker == END:
            break
        if marker in FRAMES:
            has_frame = True
            check_frame(segment)
        if marker == EXIF:
            up = max(up, orientation_of(segment[4:]))
        elif not is_about_the_picture(marker, segment):
            continue
        else:
            segments.append(segment)
        if marker == SCAN:
            scan, place = scan_of(data, place)
            segments.append(scan)
    if not has_frame:
        raise Broken("there is no picture in it")
    return data[:2] + (exif_with(up) if up != 1 else b"") + b"".join(segments) + b"\xff\xd9"


def next_segment(data: bytes, place: int) -> tuple[int, int, bytes]:
    """The marker at `place`, where the next one is, and the segment with its marker."""
    while data[place : place + 2] == b"\xff\xff":  # fill bytes
        place += 1
    if data[place : place + 1] != b"\xff" or len(data) < place + 2:
        raise Broken("the picture ends in the middle")
    marker = data[place + 1]
    if marker == END or marker in BARE:
        return marker, place + 2, data[place : place + 2]
    length = int.from_bytes(data[place + 2 : place + 4], "big")
    segment = data[place : place + 2 + length]
    if length < 2 or len(segment) < 2 + length:
        raise Broken("a segment is damaged")
    return marker, place + 2 + length, segment


def scan_of(data: bytes, place: int) -> tuple[bytes, int]:
    """The packed picture from `place` to the next marker that is not part of it."""
    at = place
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise Broken("the picture ends in the middle")
        if data[at + 1] == 0 or 0xD0 <= data[at + 1] <= 0xD7:
            at += 2
        elif data[at + 1] == 0xFF:
            at += 1
        else:
            return data[place:at], at


def check_frame(segment: bytes) -> None:
    if len(segment) < 9:
        raise Broken("it does not say its size")
    height, width = struct.unpack(">HH", segment[5:9])
    check_size(width, height)


def is_about_the_picture(marker: int, segment: bytes) -> bool:
    """JFIF's head, the colours, Adobe's transform, and all that is no application's own."""
    if marker == ICC:
        return segment[4:].startswith(b"ICC_PROFILE\0")
    return marker in (0xE0, ADOBE) or not (0xE0 <= marker <= 0xEF or marker == COMMENT)


def orientation_of(exif: bytes) -> int:
    """1 to 8; 1 (as it lies) where the segment does not say another."""
    if not exif.startswith(b"Exif\0\0"):
        return 1
    tiff = exif[6:]
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if not order or len(tiff) < 10:
        return 1
    start = struct.unpack(f"{order}I", tiff[4:8])[0]
    if start + 2 > len(tiff):
        return 1
    n = struct.unpack(f"{order}H", tiff[start : start + 2])[0]
    for number in range(n):
        entry = tiff[start + 2 + 12 * number : start + 14 + 12 * number]
        if len(entry) == 12 and struct.unpack(f"{order}H", entry[:2])[0] == ORIENTATION:
            value = struct.unpack(f"{order}H", entry[8:10])[0]
            return value if 1 <= value <= 8 else 1
    return 1


def exif_with(orientation: int) -> bytes:
    """The smallest Exif segment: nothing but which way is up."""
    entry = struct.pack(">HHIHH", ORIENTATION, 3, 1, orientation, 0)
    body = b"Exif\0\0" + b"MM\0*" + struct.pack(">IH", 8, 1) + entry + struct.pack(">I", 0)
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
