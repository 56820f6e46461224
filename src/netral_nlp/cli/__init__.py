"""The command ``netral``: one file per command, errors turned into sentences and exit codes."""

from __future__ import annotations

import os
import sys


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    try:
        from netral_nlp.cli import running
    except KeyboardInterrupt:  # the command line is not there yet to say it
        sys.stderr.write("Interrupted; nothing was left half written.\n")
        sys.stderr.flush()
        os._exit(130)
    running.main(arguments)


__all__ = ["main"]
