"""Starting a command and ending it well: which commands there are, what an error becomes."""

from __future__ import annotations

import importlib
import os
import signal
import sys
from typing import Annotated

import typer

from netral_nlp.cli.ending import ended, fill_streams
from netral_nlp.cli.terminal import open_streams
from netral_nlp.errors import INTERRUPTED

# name -> (module, one line of help); only the module of the command that was asked for is imported
COMMANDS = {
    "guide": ("guide", "Open the user guide, in Indonesian."),
    "train": ("train", "Learn a model from labelled posts."),
    "evaluate": ("evaluate", "Measure a model, or leave each election out once."),
    "score": ("score", "Score every post of a table file."),
    "calibrate": ("calibrate", "Fit a model to an election by 50 labelled posts of it."),
    "audit": ("audit", "Check a model's own neutrality."),
    "adapt": ("adapt", "Adapt a model to a new election by its unlabelled posts."),
    "explain": ("explain", "Show which words of one post decide, and by how much."),
    "report": ("report", "Make a page for the desk from scored posts."),
    "desk": ("desk", "The whole work in a browser."),
    "review": ("review", "Review scored posts on a local page."),
    "review-export": ("review_export", "Write what reviewers decided as a table."),
    "review-import": ("review_import", "Take labels made elsewhere into a reviews file."),
    "purge": ("purge", "List outputs that were kept long enough, and delete them."),
    "pseudonyms": ("pseudonyms", "Replace accounts and names in a table by pseudonyms."),
    "vectors": ("vectors", "Learn vectors of ordinary words from posts."),
    "roster": ("roster", "Begin a roster file (new), or check some."),
    "corpus": ("corpus", "Check labelled posts."),
    "dossier": ("dossier", "Make the file on one post, or assess many reports."),
    "law": ("law", "Check the tables of the law, or show a day's."),
    "doctor": ("doctor", "Check the installation, a model and a roster."),
}
GROUPS = frozenset({"roster", "corpus", "law", "dossier"})

ABOUT = """Score how Indonesian social posts stand toward the pairs of an election: indications for human review.

Three ways to begin:

  Double click mulai/meja-netral (.bat, .command or .desktop): installs it once, then opens the desk in a browser.

  netral desk: the whole work in a browser, in Indonesian. For an office server there is a Dockerfile.

  The command line, for whom it is:

  netral score posts.csv --roster election.toml -o scored.csv

  netral explain "Gas terus nomor dua!" --roster election.toml

  netral train own.csv data/corpus --out models/own.npz

The user guide, in Indonesian: netral guide
"""


def _version(wanted: bool) -> None:
    if wanted:
        from netral_nlp import __version__

        typer.echo(f"netral-nlp {__version__}")
        raise typer.Exit


def build_app(asked: str | None = None) -> typer.Typer:
    """The whole command line; commands other than ``asked`` are there by name and help only (``None``: all whole)."""
    app = typer.Typer(
        name="netral",
        help=ABOUT,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )

    @app.callback()
    def root(
        version: Annotated[
            bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and stop.")
        ] = False,
    ) -> None:
        pass

    for name, (module, text) in COMMANDS.items():
        if asked is None or name == asked:
            loaded = importlib.import_module(f"netral_nlp.cli.{module}")
            if name in GROUPS:
                app.add_typer(loaded.app, name=name, help=text)
            else:
                app.command(name, short_help=text)(getattr(loaded, module))
        else:
            app.command(name, help=text)(_placeholder)
    return app


def _placeholder() -> None:
    """Stands for a command that this run does not need."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code; a user's mistake never shows a traceback."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # its threads cost 0.1 s to start and have little to do here
    fill_streams()
    open_streams()
    given = sys.argv[1:] if arguments is None else arguments
    asked = next((a for a in given if not a.startswith("-")), "")
    code = ended(lambda: build_app(asked if asked in COMMANDS else "")(given, prog_name="netral"))
    if arguments is None:
        for number in (signal.SIGINT, signal.SIGTERM):  # what is done is done: the rest is Python's own cleaning up
            signal.signal(number, signal.SIG_IGN)
        if code >= INTERRUPTED:
            sys.stderr.flush()
            os._exit(code)  # else Python may remember a Ctrl-C that it met in an import, and end by it once more
    raise SystemExit(code)
