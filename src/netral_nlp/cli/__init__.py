"""The command ``netral``: one file per command, errors turned into sentences and exit codes."""

from __future__ import annotations

from netral_nlp.cli.running import main

__all__ = ["main"]
