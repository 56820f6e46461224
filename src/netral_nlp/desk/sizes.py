"""How much one request may bring, by what it brings; bytes."""

from __future__ import annotations

LARGEST_FORM = 2 << 20
LARGEST_UPLOAD = 512 << 20
LARGEST_EVIDENCE = 200 << 20  # all files of one dossier together
MARGIN = 1 << 20  # for what a form says beside its files
