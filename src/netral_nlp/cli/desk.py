"""``netral desk``"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from netral_nlp.cli.options import ModelOption
from netral_nlp.cli.terminal import on_terminal, say
from netral_nlp.errors import UsageError

MISSING = "The desk needs a few more packages. Install them with: pip install 'netral-nlp[desk]'"


def desk(
    folder: Annotated[Path, typer.Argument(help="Folder of the cases; made when missing.")] = Path("perkara"),
    port: Annotated[int | None, typer.Option("--port", help="Port [default: a free one].")] = None,
    model: ModelOption = None,
    lang: Annotated[Literal["id", "en"], typer.Option("--lang", help="Language of the pages.")] = "id",
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in a browser.")] = True,
) -> None:
    """The whole work in a browser: upload, roster, scores, review, report, dossier and files, in Indonesian.

    Only this computer can open the pages, by the link shown here. Every case is one file in FOLDER; whatever is killed,
    nothing is lost, and the same command goes on from there.
    """
    try:
        import python_multipart  # noqa: F401 — forms with files are read by it

        from netral_nlp.desk.server import serve
    except ModuleNotFoundError as error:
        raise UsageError(f"{MISSING} (missing: {error.name})") from None
    say(f"Cases: {folder}")
    serve(str(folder), port=port, language=lang, model=model, ready=lambda link, file: _open(link, file, browser))
    say("Stopped; everything is in the folder. The same command goes on from here.")


def _open(link: str, file: Path, browser: bool) -> None:
    """Show the way in. A browser gets the file's name: its command line, which others can read, holds no link."""
    if not browser or on_terminal():
        say(f"Page: {link}")
        say("This link opens once, within ten minutes.")
    say(f"Another window: open {file} (only you can read it)")
    say("Stop with Ctrl+C; nothing is lost.")
    if browser:
        import webbrowser

        webbrowser.open(file.as_uri())
