"""How three shells cut one line into words: POSIX by the standard library, cmd and PowerShell by their own rules."""

from __future__ import annotations

import re

# What cmd.exe obeys in a line, quoted or not (% is a variable even inside quotes), and what only outside them.
CMD_ALWAYS = "%"
CMD_OUTSIDE = "&|<>^()'`"
# What PowerShell obeys: inside double quotes only these, outside much more.
POWERSHELL_INSIDE = "$`"
POWERSHELL_OUTSIDE = "$`&|<>(){};,'"
CURLY = "\u2018\u2019\u201c\u201d"


class NotPlainError(ValueError):
    """The line holds something that the shell would obey instead of handing it on."""


def cmd_words(line: str) -> list[str]:
    """The arguments a program started by cmd.exe sees, by the rules of Microsoft's C runtime."""
    words: list[str] = []
    word, quoted, begun, at = "", False, False, 0
    while at < len(line):
        sign = line[at]
        if sign in CMD_ALWAYS or (not quoted and sign in CMD_OUTSIDE) or sign in CURLY:
            raise NotPlainError(f"cmd obeys {sign} in: {line}")
        slashes = len(line) - at - len(line[at:].lstrip("\\"))
        if slashes:
            before_quote = line[at + slashes : at + slashes + 1] == '"'
            word += "\\" * (slashes // 2 if before_quote else slashes)
            begun, at = True, at + slashes
            if before_quote and slashes % 2:
                word, at = word + '"', at + 1
            continue
        if sign == '"':
            quoted, begun = not quoted, True
        elif sign in " \t" and not quoted:
            words += [word] if begun else []
            word, begun = "", False
        else:
            word, begun = word + sign, True
        at += 1
    if quoted:
        raise NotPlainError(f"a quote is not closed in: {line}")
    return [*words, word] if begun else words


def powershell_words(line: str) -> list[str]:
    """The arguments a program started by PowerShell (5.1 and later) sees."""
    words: list[str] = []
    for found in re.finditer(r'(?:"[^"]*"|[^\s"]|"[^"]*$)+', line):
        written = found.group()
        if written[0] in "@#" or any(sign in written for sign in CURLY):
            raise NotPlainError(f"PowerShell obeys {written} in: {line}")
        if written.count('"') % 2:
            raise NotPlainError(f"a quote is not closed in: {line}")
        parts = written.split('"')
        for at, part in enumerate(parts):
            obeyed = POWERSHELL_INSIDE if at % 2 else POWERSHELL_OUTSIDE
            if any(sign in part for sign in obeyed):
                raise NotPlainError(f"PowerShell obeys a sign of {written} in: {line}")
        # 5.1 hands a quoted word on with new quotes only where it holds blanks, and its end must not escape them
        if len(parts) > 1 and (parts[0] or parts[-1] or "".join(parts).endswith("\\")):
            raise NotPlainError(f"PowerShell may cut {written} in two in: {line}")
        words.append("".join(parts))
    return words
