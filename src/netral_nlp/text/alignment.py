"""Where the characters of a cleaned text stand in the text that was cleaned."""

from __future__ import annotations


def _kept(before: str, after: str) -> list[int]:
    """Where the characters of ``after`` stand in ``before``, as far as they follow one another there."""
    kept: list[int] = []
    for i, character in enumerate(before):
        if len(kept) < len(after) and after[len(kept)] == character:
            kept.append(i)
    return kept


def _turned(before: str, after: str) -> list[int] | None:
    """The same where one stretch of ``before`` was turned round, else None."""
    if len(before) != len(after):
        return None
    differ = [i for i, (a, b) in enumerate(zip(before, after, strict=True)) if a != b]
    begin, end = differ[0], differ[-1] + 1
    while begin > 0 and end < len(before) and before[begin - 1] == before[end]:  # alike at both ends, so turned unseen
        begin, end = begin - 1, end + 1
    if before[begin:end] != after[begin:end][::-1]:
        return None
    return [*range(begin), *range(end - 1, begin - 1, -1), *range(end, len(before))]


def _may_stand_for(letter: str, written: str) -> bool:
    """Letters for letters, signs for signs; a mask is no letter for letter, even where it is as long."""
    return letter == written or not written.isascii() or letter.isalnum() is written.isalnum()


def align(before: str, after: str, starts: list[int], ends: list[int]) -> tuple[list[int], list[int]]:
    """Offsets for ``after``, given those of ``before``.

    Exact where characters only disappeared, a stretch was turned round, or each stands for one; else equal prefix and
    suffix exactly, the middle as a whole.
    """
    kept = _kept(before, after)
    if len(kept) == len(after):
        return [starts[i] for i in kept], [ends[i] for i in kept]
    turned = _turned(before, after)
    if turned is not None:
        return [starts[i] for i in turned], [ends[i] for i in turned]
    if len(before) == len(after) and all(map(_may_stand_for, after, before)):
        return starts, ends  # one letter for one
    shorter = min(len(before), len(after))
    head = next((i for i in range(shorter) if before[i] != after[i]), shorter)
    tail = next((i for i in range(shorter - head) if before[-1 - i] != after[-1 - i]), shorter - head)
    middle = len(after) - head - tail
    span = slice(head, len(before) - tail)
    left = min(starts[span], default=starts[head] if head < len(starts) else ends[-1] if ends else 0)
    right = max(ends[span], default=left)
    cut = len(before) - tail
    return starts[:head] + [left] * middle + starts[cut:], ends[:head] + [right] * middle + ends[cut:]
