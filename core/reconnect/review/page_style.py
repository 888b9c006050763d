"""How the review's page looks: light, dark, on paper, and on a narrow screen."""

from __future__ import annotations

from reconnect.review.charts.palette import PALETTE
from reconnect.review.charts.palette import STYLE as CHARTS

_NAMES = ("ground", "edge", "ink", "soft", "kept", "pale", "rest", "slip", "open")


def _colors(theme: str) -> str:
    colors = next(found for name, found in PALETTE.items() if name == theme)
    return "".join(f"--{name}:{colors[name]};" for name in _NAMES)


_PAGE = """\
*{box-sizing:border-box}
html{color-scheme:light dark;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);\
font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",\
sans-serif;overflow-wrap:break-word}
main,footer{max-width:46rem;margin:0 auto;padding:0 1.25rem}
main{padding-top:2.5rem}
h1{font-size:1.75rem;line-height:1.25;font-weight:600;margin:0;text-wrap:balance}
h2{font-size:1.125rem;font-weight:600;margin:2.5rem 0 .75rem;color:var(--kept)}
h3{font-size:1rem;font-weight:600;margin:0}
p{margin:.5rem 0}
.soft{color:var(--soft)}
.n{font-size:.9rem;color:var(--soft);margin:.15rem 0 0}
.chosen,blockquote{margin:0;padding:.9rem 1.2rem;border-left:4px solid var(--kept);\
background:var(--pale);border-radius:0 .5rem .5rem 0;\
font:1.2rem/1.45 Charter,"Bitstream Charter","Sitka Text",Cambria,Georgia,"Noto Serif",serif}
ul{list-style:none;margin:0;padding:0}
li{padding:.55rem 0;border-top:1px solid var(--edge)}
li:first-child{border-top:0}
.lead{font-size:.9rem;color:var(--soft);display:block}
.row{display:grid;grid-template-columns:6.5rem 1fr;align-items:baseline}
.habit{display:grid;grid-template-columns:1fr auto;gap:.1rem 1.25rem;align-items:center}
.habit .n{grid-column:1/-1}
table.days{border-collapse:separate;border-spacing:5px 0}
.days th{font-weight:400;font-size:.72rem;line-height:1;color:var(--soft);padding:0 0 4px}
abbr{text-decoration:none}
.unseen th{padding:0}.unseen abbr{display:block;height:0;overflow:hidden}
.days td{padding:0;width:1.15rem;height:1.15rem;line-height:0}
.days i{display:block;width:1.15rem;height:1.15rem;border-radius:4px;\
border:1.5px solid var(--open);print-color-adjust:exact;-webkit-print-color-adjust:exact}
.days .yes{background:var(--kept);border-color:var(--kept)}
.days .partly{border-color:var(--kept);\
background:linear-gradient(to top,var(--kept) 50%,transparent 50%)}
.days .skip{border-radius:50%;border:2.5px solid var(--rest)}
.days .no{border-color:var(--slip);\
background:linear-gradient(to top left,transparent 46%,var(--slip) 46% 54%,transparent 54%)}
.days .not-due,.days .none{border-color:transparent;background:none;position:relative}
.days .not-due::after{content:"";position:absolute;inset:0;margin:auto;width:4px;height:4px;\
border-radius:50%;background:var(--open)}
.legend{display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;margin-top:.9rem;font-size:.8rem;\
color:var(--soft)}
.legend span{display:inline-flex;align-items:center;gap:.4rem}
.legend i{width:.85rem;height:.85rem;border-radius:3px}
.picked{display:flex;align-items:center;gap:.9rem}.picked svg{width:4.5rem;flex:none}
figure{margin:.75rem 0}
.chart{display:block}figure svg{width:100%;height:auto}
details{margin:.4rem 0}
summary{cursor:pointer;font-size:.9rem;color:var(--soft);padding:.25rem 0}
summary:focus-visible,a:focus-visible{outline:2px solid var(--kept);outline-offset:2px}
.numbers{border-collapse:collapse;font-size:.82rem;margin:.5rem 0}
.numbers caption{text-align:left;color:var(--soft);padding-bottom:.25rem}
.numbers th,.numbers td{text-align:left;padding:.1rem .9rem .1rem 0;font-weight:400}
.wide{overflow-x:auto}
code{font:.9em ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
footer{font-size:.85rem;color:var(--soft);padding-top:2.5rem;padding-bottom:3rem}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);\
white-space:nowrap}
@media (max-width:30rem){
main{padding-top:1.5rem}h1{font-size:1.4rem}
.habit{grid-template-columns:1fr}.habit table{justify-self:start;margin-top:.3rem}
.row{grid-template-columns:1fr}figure svg{min-width:32rem}
}
"""

_PRINT = """\
@page{margin:15mm 16mm}
html{font-size:9.5pt}body{line-height:1.4}
main,footer{max-width:none;padding-left:0;padding-right:0}
main{padding-top:0}
h1{font-size:1.6rem}h2{margin:1.1rem 0 .3rem;break-after:avoid}
li,.habit,figure,blockquote,.chosen{break-inside:avoid}
li{padding:.25rem 0}p{margin:.25rem 0}.n{margin:0}
.chosen,blockquote{background:none;padding:.3rem .9rem}
figure svg{max-height:58mm}
.screen,details:not([open]){display:none}
footer{padding:1.2rem 0 0}
"""

STYLE = (
    f":root{{{_colors('light')}}}\n{_PAGE}"
    f"@media screen and (prefers-color-scheme:dark){{:root{{{_colors('dark')}}}}}\n"
    f"@media print{{:root{{{_colors('print')}}}{_PRINT}}}\n{CHARTS}"
)
"""The style sheet of the page, with that of the charts in it."""
