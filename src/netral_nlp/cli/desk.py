"""``netral desk``"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from netral_nlp.cli.entrance import show_entrance
from netral_nlp.cli.options import ModelOption
from netral_nlp.cli.terminal import say
from netral_nlp.errors import UsageError

if TYPE_CHECKING:
    from netral_nlp.desk.server import Opened

MISSING = 'The desk needs a few more packages. Install them with: pip install "netral-nlp[desk]"'


def desk(
    folder: Annotated[Path, typer.Argument(help="Folder of the cases; made when missing.")] = Path("perkara"),
    port: Annotated[int | None, typer.Option("--port", help="Port [default: a free one].")] = None,
    model: ModelOption = None,
    lang: Annotated[Literal["id", "en"], typer.Option("--lang", help="Language of the pages.")] = "id",
    lan: Annotated[
        bool, typer.Option("--lan", help="Let other computers of the office in, each person by a link of their own.")
    ] = False,
    name: Annotated[
        list[str] | None, typer.Option("--name", help="With --lan: a name by which others find this computer.")
    ] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in a browser.")] = True,
) -> None:
    """The whole work in a browser: upload, roster, scores, review, report, dossier and files, in Indonesian.

    Without --lan only this computer can open the pages, by the link shown here. Every case is one file in FOLDER;
    whatever is killed, nothing is lost, and the same command goes on from there.
    """
    try:
        import python_multipart  # noqa: F401 — forms with files are read by it

        from netral_nlp.desk.folder import Folder
        from netral_nlp.desk.server import ALONE, serve
    except ModuleNotFoundError as error:
        raise UsageError(f"{MISSING} (missing: {error.name})") from None
    if name and not lan:
        raise UsageError("--name is how others find this computer; say --lan, too.")
    cases = Folder(folder)
    try:
        opened = _to_the_office(cases.own, name or []) if lan else ALONE
        say(f"Cases: {folder}")
        serve(
            cases, port=port, language=lang, model=model, opened=opened,
            ready=lambda link, file: show_entrance(link, file, browser),
        )  # fmt: skip
    finally:
        cases.close()
    say("Stopped; everything is in the folder. The same command goes on from here.")


def _to_the_office(folder: Path, given: list[str]) -> Opened:
    """Under which names the desk is open, and by which certificate; what that means is said."""
    from netral_nlp.desk.network import certificate_for, fingerprint, names_here
    from netral_nlp.desk.server import Opened

    names = names_here(given)
    if not names:
        raise UsageError("This computer is in no network. Leave --lan out.")
    proof = certificate_for(folder, names)
    say(f"Open to the office as: {', '.join(names)}")
    say("Each person needs a link of their own: page Orang, button Buat kunci pintu.")
    if proof is None:
        say("WARNING: without trustme (pip install trustme) nothing is encrypted: whoever is in this network can read")
        say("all that is shown and typed, PINs included. Use it in a network of your own only.")
    else:
        say(f"Browsers will ask once whether to trust its certificate. Compare: SHA-256 {fingerprint(proof)}")
    return Opened(names, proof)
