"""Every notebook runs from top to bottom, as it does for a person who opens it in its folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from netral_nlp.model.file import save_model
from netral_nlp.model.model import Model

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
LONGEST = 600  # seconds

# In a process of its own: what Jupyter warns about must not decide over the warnings of these tests.
RUN = """
import json, sys
from jupyter_client import KernelManager
from jupyter_client.kernelspec import KernelSpec
import nbformat
from nbclient import NotebookClient

class OwnKernel(KernelManager):  # the running interpreter, whatever is called python3 elsewhere on the machine
    @property
    def kernel_spec(self):
        return KernelSpec(argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"])

book = nbformat.read(sys.argv[1], as_version=4)
nbformat.validate(book)
client = NotebookClient(
    book, timeout=int(sys.argv[2]), startup_timeout=int(sys.argv[2]), kernel_manager_class=OwnKernel,
    resources={"metadata": {"path": sys.argv[3]}},
)
client.execute()
outputs = [output for cell in book.cells for output in cell.get("outputs", [])]
faults = [o.text for o in outputs if o.output_type == "stream" and o.name == "stderr"]
print(json.dumps({"shown": sum(o.output_type != "stream" for o in outputs), "stderr": faults}))
"""


def cells_of(path: Path) -> list[dict[str, object]]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert isinstance(cells, list)
    return cells


def test_the_notebooks_were_found() -> None:
    assert [path.name[:3] for path in NOTEBOOKS] == ["01_", "02_", "03_", "04_", "05_"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_are_kept_without_outputs(path: Path) -> None:
    code = [cell for cell in cells_of(path) if cell["cell_type"] == "code"]
    assert code
    assert [cell for cell in code if cell["outputs"] or cell["execution_count"] is not None] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_notebook_runs(path: Path, lawful_model: Model, tmp_path: Path) -> None:
    pytest.importorskip("nbclient")
    folder = tmp_path / "notebooks"
    folder.mkdir()
    (tmp_path / "models").mkdir()
    save_model(lawful_model, tmp_path / "models" / "netral.npz")  # else the notebooks would train the whole one
    quick = {**os.environ, "CI": "true", "MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    quick |= {"PYTHONWARNINGS": "default", "IPYTHONDIR": str(tmp_path), "JUPYTER_ALLOW_INSECURE_WRITES": "1"}
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(path), str(LONGEST), str(folder)],
        env=quick, capture_output=True, text=True, timeout=LONGEST + 60, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["shown"] >= 3
    assert [text for text in told["stderr"] if "Warning" in text or "Error" in text] == []
    assert sorted(one.name for one in tmp_path.rglob("*.npz")) == ["netral.npz"]  # nothing else was left behind
