"""Tables as HTML: with heads that a reader of screens can tell, scrolling sideways where they are too wide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape


def html_table(
    header: Sequence[str], rows: Iterable[Sequence[str]], kind: str = "wide", *, name: str = "", filters: str = ""
) -> str:
    """A table of escaped cells that sorts by each column where the page has the script of tables.

    ``name`` tells what it shows (else its first head does), ``filters`` is the name of a field that narrows its rows.
    """
    head = "".join(f'<th scope="col">{escape(cell)}</th>' if cell else "<td></td>" for cell in header)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return framed(f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>", name or header[0], kind, filters=filters)


def framed(inside: str, name: str, kind: str = "wide", *, filters: str = "", sorts: bool = True) -> str:
    """The frame of a table's ``thead`` and ``tbody``: named, and reached by the keyboard where it must be scrolled."""
    told = f' aria-label="{escape(name)}"' if name else ""
    asked = f' data-filter="{escape(filters)}"' if filters else ""
    sort = " data-sort" if sorts else ""
    return f'<div class="{kind}" role="group" tabindex="0"{told}><table{sort}{asked}>{inside}</table></div>'
