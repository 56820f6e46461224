"""The work that a desk has done beside itself: begun, watched, stopped, and begun again after the desk was killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from netral_nlp.desk.case import Case, moment_now
from netral_nlp.desk.folder import Folder
from netral_nlp.errors import UsageError


@dataclass
class Job:
    """One process at work. ``rows`` are done; ``share`` of the input is read, where that is known."""

    kind: str
    process: subprocess.Popen[bytes]
    begun: float = field(default_factory=time.monotonic)
    rows: int = 0
    first: int = 0  # the rows that a continued run began with
    share: float | None = None
    stage: str = ""
    stopping: bool = False

    def rate(self) -> float:
        """Rows a second."""
        return (self.rows - self.first) / max(time.monotonic() - self.begun, 0.5)

    def left(self, total: int) -> float | None:
        """Seconds until the end, where they can be told."""
        rate = self.rate()
        return max(total - self.rows, 0) / rate if total and rate > 0 and self.rows else None


class Jobs:
    """The jobs of one desk, one a case at most; safe to share between threads.

    ``model`` is what cases without a model of their own are scored with, None for the usual one.
    """

    def __init__(self, folder: Folder, model: Path | None = None) -> None:
        self.folder = folder
        self.model = model
        self._running: dict[str, Job] = {}
        self._lock = threading.RLock()

    def start(self, case: Case, kind: str, who: str) -> None:
        """Begin a job, logged; raises UsageError while another one runs in the case."""
        with self._lock:
            if case.name in self._running:
                raise UsageError("Pekerjaan lain masih berjalan di perkara ini.")
            case.act(who, f"mulai {kind}", kerja={"jenis": kind, "oleh": who, "mulai": moment_now()})
            self._spawn(case, kind, who)

    def resume(self, case: Case) -> None:
        """Go on with what a desk that was killed had begun; harmless where nothing was."""
        with self._lock:
            begun = case.fact("kerja")
            if begun and not begun.get("galat") and case.name not in self._running:
                self._spawn(case, begun["jenis"], begun["oleh"])

    def of(self, case: Case) -> Job | None:
        """The job that runs in a case."""
        with self._lock:
            return self._running.get(case.name)

    def stop(self, case: Case, who: str) -> None:
        """End the case's job, or forget that one failed; nothing of it stays but what a later one can go on from."""
        with self._lock:
            job = self._running.get(case.name)
            case.act(who, "hentikan", kerja=None)
            if job is not None:
                job.stopping = True
                _close_input(job)

    def close(self) -> None:
        """End all processes; what they did goes on when a desk is opened again."""
        with self._lock:
            running = list(self._running.values())
        for job in running:
            _close_input(job)
        for job in running:
            try:
                job.process.wait(12)
            except subprocess.TimeoutExpired:
                job.process.kill()

    def _spawn(self, case: Case, kind: str, who: str) -> None:
        process = subprocess.Popen(
            [sys.executable, "-m", "netral_nlp.desk.working"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONIOENCODING": "utf-8"},
            start_new_session=sys.platform != "win32",  # a Ctrl-C on the terminal is the desk's alone
        )  # fmt: skip
        job = Job(kind, process)
        self._running[case.name] = job
        order = {"jenis": kind, "oleh": who, "perkara": str(case.path), "kerja": str(self.folder.work(case.name))}
        order["model"] = "" if self.model is None else str(self.model.resolve())
        assert process.stdin is not None
        process.stdin.write(json.dumps(order).encode() + b"\n")
        process.stdin.flush()
        threading.Thread(target=self._follow, args=(case, job), daemon=True).start()

    def _follow(self, case: Case, job: Job) -> None:
        """Take in what the process says until it ends."""
        last: dict[str, Any] = {}
        assert job.process.stdout is not None
        for line in job.process.stdout:
            try:
                last = json.loads(line)
            except ValueError:
                continue
            if "baris" in last:
                if not job.rows:
                    job.begun, job.first = time.monotonic(), last["baris"]
                job.rows, job.stage = last["baris"], last.get("tahap", "")
                job.share = last.get("bagian")
        code = job.process.wait()
        job.process.stdout.close()
        _close_input(job)
        with self._lock:
            self._running.pop(case.name, None)
            failed = str(last.get("galat", "")) or (
                "" if "selesai" in last or "batal" in last else f"proses berhenti ({code})"
            )
            begun = case.fact("kerja") if failed and not job.stopping else None
            if begun:
                case.act(begun["oleh"], f"gagal {job.kind}", "", {"galat": failed}, kerja={**begun, "galat": failed})


def _close_input(job: Job) -> None:
    if job.process.stdin is not None and not job.process.stdin.closed:
        job.process.stdin.close()
