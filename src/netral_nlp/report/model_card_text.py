"""What every model card says whatever the figures: use, misuse, rules, hard kinds of post, what to do next."""

from __future__ import annotations

ABOUT = """\
A linear model (multinomial logistic regression over TF-IDF of words, characters, kinds of mention and cue classes)
that reads one Indonesian social post from the point of view of one pair of an election and says how likely its
author supports the pair (`dukung`), opposes it (`tolak`) or takes no position (`netral`). Names, numbers, handles
and hashtags of the roster become roles before anything is learned, so the model works for elections it has never
seen. `netral train` writes this page with the model; every figure on it is computed in that run."""

USE = """\
## Intended use

- **Sorting posts for people to read.** Those who supervise the neutrality of civil servants, or study an election,
  get the posts worth reading first, with the words that decided (`netral score`, `netral review`).
- **Counting with care**: shares of a large number of posts, with the error rates below kept in mind.
- A score is an **indication for human review, never a verdict**. It says how a text reads, not who wrote it, on
  whose behalf, whether the author is a civil servant or whether any rule was broken.

## Misuse

- Sanctions, reports, dismissals, transfers or rankings of people from scores without a person's reading of the
  post, its thread and its circumstances.
- Watching persons over time, or profiles of named accounts. UU 27/2022 (personal data) art. 34 asks for an impact
  assessment before systematic scoring or monitoring of people with a significant effect on them, and a person may
  object to a decision made by a machine alone. Keep identities masked and every number explainable (`netral
  explain`).
- Inferring a stance from religion, ethnicity, region, language or looks; the guide of the labels forbids it.
- Forecasting votes: those who post are not those who vote.
- Other languages, other countries' elections, and posts without a roster.

## What the rules say

Facts for readers of scores; the gazette decides, not this page.

- The joint decree of 22 September 2022 (SKB, annex II) tells acts about a *bakal calon*, before the designation
  (code of ethics, PP 42/2004), from acts about a *calon*, after it (discipline, PP 94/2021 art. 5 n). Older cases
  fall under PP 53/2010. UU 20/2023 abolished KASN; supervision moved to BKN.
- **Not a breach**: duty with uniform and assignment letter, encouraging turnout, checking the voter roll, teaching
  the rules, quoting or reporting, an incumbent's official agenda, a spouse who accompanies without signs or
  attributes while on leave. Support for the empty box counts like support for a pair.
- Disputed between supervisors: passive attendance, following a pair's account, likes on an election office's own
  pages, a re-uploaded old photo.
- A report must reach Bawaslu within 7 days of the act being known, with time, place, description and evidence.
- Of 1,280 accounts passed on in 2019, 127 were violations: **false accusation is what must be kept rare**."""

KINDS = """\
### By kind of post

These kinds are hard for any model that sees one text and its words; they hold whatever the figures say.

- **Sarcasm and mockery in praise's clothes** ("hebat bener, 5 tahun jalan tetep bolong"): each word speaks for the
  pair. Only a sign that often goes with irony (an emoji, a stretched word) can turn the score.
- **Implied support or attack** without a word of choosing: an anecdote, a proverb, a hand sign, a thank-you that is
  electoral by its timing alone. Such posts end as `netral` or `ragu`.
- **Target in the thread or the picture**: a comment that names nobody is judged only with `--pair-column`, and then
  as if it spoke of the page's pair; a finger, a shirt or a banner in a photo is not seen at all.
- **Two pairs in one post**: praise of one and blame of the other are told apart by nearness and order of words, and
  long comparisons are confused.
- **News with a slant and campaign copy in news style** lie on both sides of the line between `netral` and `dukung`.
- **Regional languages** beyond single words, codes among insiders, new slogans and nicknames that the roster lacks.
- **The shipped posts were written for this purpose**, not collected. On posts of a real election expect lower
  figures than those above: label a few hundred of your own and measure (`netral evaluate own.csv`)."""

RETRAIN = """\
## Retraining, calibrating, adapting

```
netral train own.csv data/corpus --out models/own.npz        # your labels together with the shipped corpus
netral evaluate own.csv --model models/own.npz               # on posts that it did not learn from
netral calibrate --data own.csv --out models/calibrated.npz  # 50 labelled posts or more: probabilities and thresholds
netral adapt posts.csv --roster election.toml --out models/adapted.npz  # 300 unlabelled mentions or more
netral audit --model models/own.npz                          # its own neutrality: pairs exchanged, error rates
```

`own.csv` has the columns `id, election, pair, label, text` and, if known, `platform, source`; `election` names a
roster (`--rosters DIR` for your own). Label by the annotation guide, two people apart from each other. A `source`
of its own lets error rates be found on writers that a fit has not seen. Keep the posts that you measure on out of
training, and read what `adapt` says it has learned; a word that should not count is left out with `--veto WORD`."""
