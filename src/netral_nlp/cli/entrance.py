"""How people get to a local page: what the terminal says of the way in, and what a browser is given."""

from __future__ import annotations

from pathlib import Path

from netral_nlp.cli.terminal import on_terminal, say


def show_entrance(link: str, file: Path, browser: bool) -> None:
    """Show the way in. A browser gets the file's name: its command line, which others can read, holds no link."""
    if not browser or on_terminal():
        say(f"Page: {link}")
        say("This link opens once, within ten minutes.")
    say(f"Another window or person: open {file} (only you can read it)")
    say("Stop with Ctrl+C; nothing is lost.")
    if browser:
        import webbrowser

        webbrowser.open(file.as_uri())
