"""``python -m netral_nlp`` is the command ``netral``."""

from __future__ import annotations

from netral_nlp.cli import main

if __name__ == "__main__":
    main()
