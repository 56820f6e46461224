"""Personal data that no model and no training file should hold: identity, phone and e-mail numbers and addresses."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"(?<![\w.,/-])\+?\d(?:[ .()-]{0,2}\d){8,20}(?![\w/])")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}")
_MOBILE = re.compile(r"(?:62|0)8\d{7,11}")
_BIRTH = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")

NIP, NIK, PHONE, EMAIL = "NIP", "NIK", "phone number", "e-mail address"


def personal_data(text: str) -> list[str]:
    """The kinds of personal data in a text, in order of appearance.

    A NIP has 18 digits and begins with a date of birth (BKN rule 22/2007), a NIK has 16; mobile numbers begin with
    08 or +62 8. Prices, dates and vote counts are none of these.

    >>> personal_data("WA 0812-3456-7890 atau budi@kota.go.id, NIP 19850101 201001 1 001")
    ['phone number', 'e-mail address', 'NIP']
    >>> personal_data("Rp1.500.000.000 pada 21-10-2024, 1234567890 suara")
    []
    """
    found = [(match.start(), EMAIL) for match in _EMAIL.finditer(text)]
    for match in _NUMBER.finditer(text):
        digits = "".join(c for c in match.group() if c.isdigit())
        if len(digits) == 18 and _BIRTH.match(digits):
            found.append((match.start(), NIP))
        elif len(digits) == 16:
            found.append((match.start(), NIK))
        elif _MOBILE.fullmatch(digits):
            found.append((match.start(), PHONE))
    return [kind for _, kind in sorted(found)]
