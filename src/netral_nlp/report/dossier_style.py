"""The dossier's style sheet: A4 first, a telephone as well."""

from __future__ import annotations

STYLE = """
:root{color-scheme:light;--ink:#14181f;--muted:#505a6b;--line:#c6ccd6;--soft:#f4f6f9;--warn:#8a4b00;--ok:#155e3b;
--open:#9c2b1f}
*{box-sizing:border-box}
body{margin:0 auto;max-width:190mm;padding:1rem;background:#fff;color:var(--ink);font:15px/1.45 system-ui,sans-serif}
h1{font-size:1.45rem;line-height:1.2;margin:.2rem 0}h2{font-size:1.08rem;margin:1.6rem 0 .4rem;padding-top:.5rem;
border-top:2px solid var(--ink)}h3{font-size:.95rem;margin:.8rem 0 .2rem}
p{margin:.35rem 0;overflow-wrap:anywhere}.muted,small{color:var(--muted)}
header p{margin:.1rem 0}
.note{border:1px solid var(--warn);border-left-width:6px;padding:.5rem .75rem;background:#fffaf2}
.tiles{list-style:none;margin:.8rem 0;padding:0;display:grid;gap:.5rem;
grid-template-columns:repeat(3,1fr)}
.tiles li{border:1px solid var(--line);border-radius:6px;padding:.45rem .6rem;background:var(--soft)}
.tiles small{display:block;line-height:1.3}.tiles b{display:block;line-height:1.3}
table{border-collapse:collapse;width:100%;font-size:.9rem;margin:.4rem 0}
th,td{text-align:left;vertical-align:top;padding:.3rem .5rem;border:1px solid var(--line);overflow-wrap:break-word}
.many td{white-space:pre-line}
.pairs td,.digest{overflow-wrap:anywhere}.pairs{table-layout:fixed}.digest{font-size:.8rem}
thead th{background:var(--soft);font-size:.82rem}
tbody th{font-weight:600}.pairs th{width:34%}
.mark{white-space:nowrap;font-weight:600}.met{color:var(--ok)}.open{color:var(--open)}
.empty{color:var(--muted);font-style:italic}
blockquote{margin:.4rem 0;padding:.5rem .75rem;border-left:4px solid var(--line);background:var(--soft);
white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:isolate}
ul{margin:.3rem 0;padding-left:1.2rem}li{overflow-wrap:anywhere}
.checks{list-style:none;padding-left:0}.checks li{margin:.2rem 0}
.two{display:grid;grid-template-columns:1fr 1fr;gap:0 1.5rem}
.signs{display:grid;grid-template-columns:1fr 1fr;gap:2rem;margin-top:1.2rem;break-inside:avoid}
.signs div{border-top:1px solid var(--ink);margin-top:5rem;padding-top:.2rem;font-size:.9rem}
@media screen and (max-width:560px){body{padding:.75rem}.signs{grid-template-columns:1fr;gap:0}
.tiles{grid-template-columns:1fr 1fr}.pairs th{width:44%}
.many thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.many,.many tbody,.many tr,.many td{display:block;width:100%}
.many tr{border:1px solid var(--line);border-radius:6px;margin:0 0 .5rem;padding:.2rem 0}
.many td{border:0;padding:.15rem .6rem}
td[data-l]::before{content:attr(data-l) ": ";color:var(--muted);font-size:.82rem}
.mark{white-space:normal}}
@media print{body{max-width:none;padding:0;font-size:9.5pt;print-color-adjust:exact;-webkit-print-color-adjust:exact}
h2,h3{break-after:avoid}tr,section,.tiles li,.note,blockquote{break-inside:avoid}thead{display:table-header-group}}
@page{size:A4;margin:16mm 15mm 18mm;@bottom-center{content:counter(page) " / " counter(pages);font:8pt sans-serif}}
"""
