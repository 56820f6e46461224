"""Bytes become numbered lines of text: the encoding cascade, in bounded memory.

UTF-16 by its BOM or by its pattern of NULs, else UTF-8, line by line. A line that is not UTF-8 is read as
Windows-1252 and counted: charset detectors guess wrong on Indonesian, and one stray line must not spoil the
others.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from netral_nlp.errors import InputError

BLOCK = 1 << 18
MAX_LINE = 4 << 20
"""Longest physical line, in bytes, that is taken into memory whole."""

# Windows-1252, with Latin-1 for the five bytes that it leaves undefined.
CP1252 = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(256))
BOMS = (
    (codecs.BOM_UTF8, "UTF-8"),
    (codecs.BOM_UTF16_LE, "UTF-16-LE"),
    (codecs.BOM_UTF16_BE, "UTF-16-BE"),
)
QUOTED = re.compile(rb'"[^"]*"')
LINE_END = re.compile(rb"\r*\n|\r")


@dataclass(frozen=True, slots=True)
class RawBlock:
    """Whole lines as bytes, UTF-8 or of an unknown 8-bit encoding; ``first`` is the number of the first one.

    ``huge`` is the beginning of one line beyond ``MAX_LINE``, of which nothing else is kept.
    """

    first: int
    data: bytes
    huge: str | None = None


@dataclass(frozen=True, slots=True)
class LineBlock:
    """Whole lines with their line ends; ``first`` is the number of the first one.

    ``huge`` marks one line beyond ``MAX_LINE``, of which only the beginning is kept. ``clean`` says that no line
    holds a NUL.
    """

    first: int
    lines: list[str]
    huge: bool = False
    clean: bool = False


class TextLines:
    """The lines of a seekable binary file; ``encoding`` is known at once, the counts after a full pass.

    ``bare_cr`` says that a CR alone ends a line, too.
    """

    def __init__(self, handle: BinaryIO, name: str) -> None:
        self._handle = handle
        self._name = name
        handle.seek(0)
        self.encoding, self._skip = detect_encoding(handle.read(4096))
        self.salvaged = 0
        self.broken = 0
        self.bare_cr = _ends_with_bare_cr(next(self._reads(), b""))

    def blocks(self) -> Iterator[LineBlock]:
        """All lines, about ``BLOCK`` bytes at a time. Raises InputError if UTF-16 is cut short."""
        return map(self.decoded, self.raw_blocks())

    def raw_blocks(self) -> Iterator[RawBlock]:
        """The same as bytes, for `decoded`; a caller may leave that out where it knows that they are UTF-8."""
        self.salvaged = self.broken = 0
        number = 1
        pieces: list[bytes] = []
        held = 0
        start_of_huge: str | None = None
        for data in self._reads():
            if start_of_huge is not None:
                end = self._first_end(data)
                if end == 0:
                    continue
                yield RawBlock(number, b"", start_of_huge)
                number += 1
                start_of_huge = None
                data = data[end:]
            cut = self._last_end(data)
            if cut:
                pieces.append(data[:cut])
                whole = b"".join(pieces)
                yield RawBlock(number, whole)
                number += len(whole.splitlines()) if self.bare_cr else whole.count(b"\n")
                pieces, held, data = [], 0, data[cut:]
            if data:
                pieces.append(data)
                held += len(data)
            if held > MAX_LINE:
                start_of_huge = pieces[0][:1000].decode("utf-8", "replace")
                pieces, held = [], 0
        if start_of_huge is not None:
            yield RawBlock(number, b"", start_of_huge)
        elif pieces:
            yield RawBlock(number, b"".join(pieces))

    def decoded(self, block: RawBlock) -> LineBlock:
        """The lines of a block as text."""
        if block.huge is not None:
            return LineBlock(block.first, [block.huge], huge=True)
        return LineBlock(block.first, self._decode(block.data), clean=b"\0" not in block.data)

    def notes(self) -> tuple[str, ...]:
        """The encoding, and what had to be guessed."""
        found = [f"Encoding: {self.encoding}."]
        if self.salvaged:
            found.append(f"{self.salvaged:,} line(s) were not UTF-8 and were read as Windows-1252.")
        if self.broken:
            found.append(f"{self.broken:,} broken character(s) were read as U+FFFD.")
        return tuple(found)

    def _reads(self) -> Iterator[bytes]:
        """UTF-8 (or unknown 8-bit) bytes in blocks that never end between CR and LF."""
        self._handle.seek(self._skip)
        decoder = None
        if self.encoding.startswith("UTF-16"):
            decoder = codecs.getincrementaldecoder(self.encoding)("surrogatepass")
        kept = b""
        while True:
            read = self._handle.read(BLOCK)
            data = kept + (read if decoder is None else self._transcode(decoder, read))
            kept = b""
            if data.endswith(b"\r") and read:
                data, kept = data[:-1], b"\r"
            if data:
                yield data
            if not read:
                return

    def _transcode(self, decoder: codecs.IncrementalDecoder, read: bytes) -> bytes:
        try:
            text = decoder.decode(read, final=not read)
        except UnicodeDecodeError:
            raise InputError(f"{self._name} looks like {self.encoding} but is cut short or damaged. "
                             "Save it again as CSV (UTF-8).", path=self._name) from None  # fmt: skip
        try:
            return text.encode("utf-8")
        except UnicodeEncodeError:
            whole = re.sub("[\ud800-\udfff]", "\ufffd", text)
            self.broken += sum(a != b for a, b in zip(text, whole, strict=True))
            return whole.encode("utf-8")

    def _decode(self, chunk: bytes) -> list[str]:
        # As bytes: str.splitlines would also cut at U+2028, form feeds and the like, ordinary characters of a post.
        lines = chunk.splitlines(keepends=True) if self.bare_cr else list(io.BytesIO(chunk))
        try:
            return list(map(bytes.decode, lines))
        except UnicodeDecodeError:
            return [self._decode_line(line) for line in lines]

    def _decode_line(self, line: bytes) -> str:
        try:
            return line.decode("utf-8")
        except UnicodeDecodeError:
            self.salvaged += 1
            return codecs.charmap_decode(line, "strict", CP1252)[0]

    def _first_end(self, data: bytes) -> int:
        if self.bare_cr:
            found = re.search(rb"\r\n?|\n", data)
            return found.end() if found else 0
        return data.find(b"\n") + 1

    def _last_end(self, data: bytes) -> int:
        return max(data.rfind(b"\n"), data.rfind(b"\r") if self.bare_cr else -1) + 1


def detect_encoding(sample: bytes) -> tuple[str, int]:
    for mark, encoding in BOMS:
        if sample.startswith(mark):
            return encoding, len(mark)
    # Without a mark: a header of ASCII letters has every other byte zero, from the first one on.
    for zeros, letters, encoding in ((1, 0, "UTF-16-LE"), (0, 1, "UTF-16-BE")):
        if (
            sample[zeros:4:2] == b"\0\0"
            and 0 not in sample[letters:4:2]
            and sample[zeros::2].count(0) > 0.3 * (len(sample) // 2)
        ):
            return encoding, 0
    return "UTF-8", 0


def _ends_with_bare_cr(sample: bytes) -> bool:
    """Whether the header line ends with CR alone: only then is a CR elsewhere the end of a line, too."""
    found = LINE_END.search(QUOTED.sub(b"", sample))
    return found is not None and b"\n" not in found.group()
