"""The command ``netral``: one file per command, errors turned into sentences and exit codes."""

from __future__ import annotations

from netral_nlp.cli.leaving import leave


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    try:
        import signal

        if arguments is None:  # a process of our own; libraries make other errors of a Ctrl-C within an import
            for number in (signal.SIGINT, signal.SIGTERM):
                if signal.getsignal(number) is not signal.SIG_IGN:
                    signal.signal(number, leave)
        from netral_nlp.cli import running
    except KeyboardInterrupt:
        leave(2)
    running.main(arguments)


__all__ = ["main"]
