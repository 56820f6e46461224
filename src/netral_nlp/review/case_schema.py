"""The tables of a case file: those of a reviews file, with what was uploaded, scored and done beside them.

``decisions``, ``posts`` and ``actions`` are the record: append-only and chained. ``scored`` and ``opinions`` follow
from files and record and can be made anew; ``facts`` and ``files`` hold what is true now, each
change told in ``actions``.
"""

from __future__ import annotations

from netral_nlp.review.schema import CASE_APPLICATION, Kind
from netral_nlp.review.schema import FORMAT as REVIEWS_FORMAT
from netral_nlp.review.schema import SCHEMA as REVIEWS_SCHEMA

FORMAT = 100 * REVIEWS_FORMAT + 1
SCHEMA = f"""{REVIEWS_SCHEMA}
CREATE TABLE facts(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE actions(
  number INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL, about TEXT NOT NULL,
  detail TEXT NOT NULL, chain TEXT NOT NULL
);
CREATE TRIGGER no_other_action BEFORE UPDATE ON actions BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER no_lost_action BEFORE DELETE ON actions BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TABLE files(
  name TEXT PRIMARY KEY, title TEXT NOT NULL, sha256 TEXT NOT NULL, size INTEGER NOT NULL, at TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE pieces(name TEXT NOT NULL, number INTEGER NOT NULL, content BLOB NOT NULL, PRIMARY KEY(name, number));
CREATE TABLE scored(
  key TEXT PRIMARY KEY, line INTEGER NOT NULL, id TEXT NOT NULL, election TEXT NOT NULL, pair TEXT NOT NULL,
  text TEXT NOT NULL, label TEXT NOT NULL, dukung REAL NOT NULL, netral REAL NOT NULL, tolak REAL NOT NULL,
  evidence TEXT NOT NULL, platform TEXT NOT NULL, time TEXT NOT NULL, account TEXT NOT NULL, agency TEXT NOT NULL,
  law TEXT NOT NULL, skor REAL NOT NULL, ragu REAL NOT NULL, acak TEXT NOT NULL,
  readers INTEGER NOT NULL DEFAULT 0, skips INTEGER NOT NULL DEFAULT 0, settled INTEGER NOT NULL DEFAULT 0,
  reached INTEGER NOT NULL DEFAULT 0, audited INTEGER NOT NULL DEFAULT 0, verdict TEXT NOT NULL DEFAULT '',
  agreed INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX scored_by_skor ON scored(settled, skor, acak);
CREATE INDEX scored_by_ragu ON scored(settled, ragu, acak);
CREATE INDEX scored_by_acak ON scored(settled, acak);
CREATE INDEX scored_by_readers ON scored(readers, skor, acak);
CREATE INDEX scored_by_reach ON scored(reached, settled);
CREATE INDEX scored_by_verdict ON scored(verdict, agreed);
CREATE INDEX scored_by_line ON scored(line);
CREATE TABLE opinions(
  key TEXT NOT NULL, reviewer TEXT NOT NULL, decision TEXT NOT NULL, pair TEXT NOT NULL, PRIMARY KEY(key, reviewer)
) WITHOUT ROWID;
CREATE INDEX opinions_by_reviewer ON opinions(reviewer);
CREATE INDEX decisions_by_key ON decisions(key, number);
"""
CASE = Kind(CASE_APPLICATION, FORMAT, SCHEMA)
