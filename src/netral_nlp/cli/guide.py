"""``netral guide``"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from netral_nlp.cli.options import check_files, write_text
from netral_nlp.cli.terminal import say
from netral_nlp.tables.guard import PAGE, Output


def guide(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The page [default: one in your own data folder, opened].")
    ] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open it in a browser.")] = True,
) -> None:
    """Open the user guide, in Indonesian: one HTML file that needs no network.

    From an export to a signed form, what "ragu" means, why 0.98 is not 98 %, how to label, terms, limits.
    """
    import webbrowser

    from netral_nlp.guide.book import guide_page
    from netral_nlp.resources import user_folder

    path = output or user_folder() / "panduan.html"
    check_files([Output(path, PAGE)])
    write_text(guide_page(), path)
    if browser and output is None and not webbrowser.open(path.resolve().as_uri()):
        say("No browser could be opened: open that file yourself.")
