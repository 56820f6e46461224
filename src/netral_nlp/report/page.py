"""The style sheet of pages: light and dark, narrow and wide, and on paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from netral_nlp.report import svg

GENERATOR = '<meta name="generator" content="netral-nlp">'  # by which netral purge knows our pages

STYLE = """
:root{color-scheme:light dark;--ink:#1c2330;--paper:#fff;--card:#f6f8fb;--muted:#566072;--line:#dde2ea;
--accent:#1f63b5;--warn:#8a4b00;--dukung:#1f63b5;--tolak:#b3372f;--ragu:#c98a1b;--netral:#aab3c0;
--pro:#dcebff;--con:#fde3df}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ef;--paper:#14181f;--card:#1c222c;--muted:#a3adbd;--line:#333b48;
--accent:#7fb4f5;--warn:#f0b15e;--dukung:#6ba6ee;--tolak:#ee7d74;--ragu:#e0ad4c;--netral:#667083;
--pro:#1d3a5f;--con:#55271f}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1000px;padding:1rem;background:var(--paper);color:var(--ink);
font:16px/1.5 system-ui,sans-serif}
h1{font-size:1.5rem;line-height:1.25;margin:.5rem 0}h2{font-size:1.2rem;margin:2rem 0 .5rem}
p{max-width:72ch;overflow-wrap:anywhere}.muted,small,figcaption{color:var(--muted)}
.note{border-left:4px solid var(--warn);padding-left:.75rem}
.key{display:inline-block;width:.75em;height:.75em;border-radius:2px;margin-right:.35em}
.tiles{list-style:none;margin:0;padding:0;display:grid;gap:.75rem;
grid-template-columns:repeat(auto-fit,minmax(140px,1fr))}
.tiles li{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.6rem .8rem}
.tiles b{display:block;font-size:1.6rem;line-height:1.2;font-variant-numeric:tabular-nums}
.tiles small{display:block;line-height:1.3}.tiles span{font-weight:600}
.expect{padding-left:1.2rem;font-size:1.05rem;max-width:72ch}
figure{margin:0}figcaption{font-size:.9rem}figcaption span{white-space:nowrap;margin-right:.6rem}
svg .span{fill:var(--muted);opacity:.1}svg .span.s1{opacity:.25}
.wide{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.92rem;width:100%}
th,td{text-align:right;padding:.3rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
th:first-child,td:first-child{text-align:left;padding-left:0;overflow-wrap:break-word;min-width:8rem}
thead th{color:var(--muted);font-weight:600}
td.bar{width:28%;min-width:90px;vertical-align:middle}
.words td,.words th{text-align:left}.words td:first-child,.words th:first-child{min-width:4rem}
.words td:last-child{overflow-wrap:anywhere}
.posts{list-style:none;padding:0;margin:0;counter-reset:post}
.posts>li{counter-increment:post;background:var(--card);border:1px solid var(--line);border-left-width:6px;
border-radius:8px;padding:.7rem .9rem;margin:0 0 .8rem;break-inside:avoid}
.posts>li.dukung{border-left-color:var(--dukung)}.posts>li.tolak{border-left-color:var(--tolak)}
.posts>li.ragu{border-left-color:var(--ragu)}
.posts h3{margin:0;font-size:1rem;font-weight:600}.posts h3::before{content:counter(post) ". ";color:var(--muted)}
.posts h3 span{font-weight:400;color:var(--muted)}
.posts blockquote{margin:.4rem 0;white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:isolate}
.posts p{margin:.15rem 0;font-size:.9rem;max-width:none}
mark{color:inherit;border-radius:3px;padding:0 .1em;text-decoration:underline;text-decoration-thickness:2px;
text-underline-offset:3px;-webkit-box-decoration-break:clone;box-decoration-break:clone}
mark.pro{background:var(--pro);text-decoration-color:var(--dukung)}
mark.con{background:var(--con);text-decoration-color:var(--tolak);text-decoration-style:dashed}
.hidden{color:var(--muted)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem}dt{color:var(--muted)}
dd{margin:0;overflow-wrap:anywhere;min-width:0}
@media(max-width:500px){dl{grid-template-columns:1fr}dd{margin-bottom:.5rem}th,td{padding:.25rem .15rem}
table{font-size:.8rem}thead th{font-size:.7rem}th:first-child,td:first-child{min-width:4.5rem}
td.bar,th.bar{display:none}figure svg text{font-size:19px}}
@media print{:root{--ink:#000;--paper:#fff;--card:#fff;--muted:#444;--line:#bbb;--accent:#1f63b5;--warn:#8a4b00;
--dukung:#1f63b5;--tolak:#b3372f;--ragu:#c98a1b;--netral:#aab3c0;--pro:#dcebff;--con:#fde3df}
body{max-width:none;padding:0;font-size:10.5pt;print-color-adjust:exact;-webkit-print-color-adjust:exact}
h2{break-after:avoid}tr,figure,.tiles li{break-inside:avoid}.wide{overflow:visible}}
@page{margin:15mm}
"""

STYLE = """
:root{color-scheme:light dark;--ink:#1c2330;--paper:#fff;--muted:#566072;--line:#dde2ea;--accent:#1f63b5;--warn:#8a4b00}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ef;--paper:#14181f;--muted:#a3adbd;--line:#333b48;
--accent:#7fb4f5;--warn:#f0b15e}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1100px;padding:1rem;background:var(--paper);color:var(--ink);
font:16px/1.5 system-ui,sans-serif}
h1{font-size:1.5rem;line-height:1.25}h2{font-size:1.15rem;margin:2rem 0 .5rem}
p{max-width:70ch}.muted{color:var(--muted)}.note{border-left:4px solid var(--warn);padding-left:.75rem}
.wide{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.9rem}
th,td{text-align:right;padding:.25rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
th:first-child,td:first-child{text-align:left;padding-left:0}thead th{color:var(--muted);font-weight:600}
.remarks td:last-child{text-align:left}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(400px,100%),1fr));gap:1.5rem}
figure{margin:0}figcaption{color:var(--muted);font-size:.9rem}
summary{cursor:pointer;margin:1rem 0 .5rem;font-weight:600}
blockquote{margin:.25rem 0 1rem;padding-left:.75rem;border-left:3px solid var(--line);overflow-wrap:anywhere;
white-space:pre-wrap}
code{overflow-wrap:anywhere}
"""


def html_table(header: Sequence[str], rows: Iterable[Sequence[str]], kind: str = "wide") -> str:
    """A table of escaped cells that scrolls sideways on a narrow screen."""
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in header)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<div class="{kind}"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _document(title: str, body: str) -> str:
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
    return (
        f'<!doctype html>\n<html lang="en"><head>{head}<title>{escape(title)}</title>'
        f"<style>{STYLE}{svg.STYLE}</style></head>\n<body><main>\n{body}\n</main></body></html>\n"
    )
