"""The colours of the charts, and the one style sheet that is made from them."""

from __future__ import annotations

from typing import Literal

Theme = Literal["light", "dark", "print"]

PALETTE: dict[Theme, dict[str, str]] = {
    "light": {
        "ground": "#fdfcfa", "edge": "#e4dfd8", "ink": "#23282e", "soft": "#5a626b",
        "grid": "#e6e2dc", "kept": "#2c7a69", "pale": "#d9e9e3", "rest": "#4674b5",
        "slip": "#8c5a96", "open": "#868c95", "compare": "#9a5b00",
    },
    "dark": {
        "ground": "#171a1e", "edge": "#2b3036", "ink": "#ecebe8", "soft": "#a9b0b8",
        "grid": "#2c3137", "kept": "#56b79e", "pale": "#20443c", "rest": "#8bb1ea",
        "slip": "#cda3d6", "open": "#747c86", "compare": "#e2a85c",
    },
    "print": {
        "ground": "#ffffff", "edge": "#ffffff", "ink": "#000000", "soft": "#3d3d3d",
        "grid": "#d0d0d0", "kept": "#1c5a4c", "pale": "#dcdcdc", "rest": "#2f5c9a",
        "slip": "#6e3f79", "open": "#767676", "compare": "#7a4700",
    },
}  # fmt: skip
"""Per theme: `ink` and `soft` are texts; `kept`, `rest`, `slip`, `open` and `compare` carry
meaning; `ground`, `edge`, `grid` and `pale` only adorn."""

# What each class takes from the palette; `-` is a fill of none.
_PAINT = {
    ".g": ("ground", "edge"),
    "text": ("soft", ""),
    ".h": ("ink", ""),
    ".v": ("ink", ""),
    ".y,.p": ("kept", "kept"),
    ".f": ("kept", ""),
    ".k": ("ground", ""),
    ".s": ("ground", "rest"),
    ".n": ("-", "slip"),
    ".u": ("-", "open"),
    ".o": ("open", ""),
    ".a": ("-", "grid"),
    ".t": ("pale", ""),
    ".l": ("-", "kept"),
    ".d": ("kept", "ground"),
    ".j": ("kept", ""),
    ".b": ("-", "compare"),
    ".bt": ("compare", ""),
    ".c": ("kept", "kept"),
    ".i": ("open", "open"),
}

_SHAPE = """\
svg.chart{color-scheme:light dark;max-width:100%;height:auto;background:none;\
font:11px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif;\
font-variant-numeric:tabular-nums}
.chart .h{font-size:16px;font-weight:600}
.chart .q{font-size:12px}
.chart .v{font-weight:600}
.chart .e{text-anchor:end}
.chart .m{text-anchor:middle}
.chart .p{fill-rule:evenodd}
.chart .y,.chart .p,.chart .n,.chart .u{stroke-width:1.4;stroke-linejoin:round}
.chart .s{stroke-width:2.4}
.chart .l{stroke-width:2.2;stroke-linejoin:round;stroke-linecap:round}
.chart .d{stroke-width:1.5}
.chart .j{stroke:none}
.chart .b{stroke-width:1.4;stroke-dasharray:5 4}
.chart .c{stroke-width:1.6;fill-opacity:.2}
.chart .i{stroke-width:1.2;fill-opacity:.16}
@media print{svg.chart{break-inside:avoid}}
"""


def _paints(theme: Theme) -> str:
    colors = PALETTE[theme]
    rules = []
    for classes, (fill, stroke) in _PAINT.items():
        names = ",".join(f".chart {one}" for one in classes.split(","))
        paint = f"fill:{'none' if fill == '-' else colors[fill]}"
        rules.append(f"{names}{{{paint}{f';stroke:{colors[stroke]}' if stroke else ''}}}")
    return "".join(rules)


STYLE = (
    f"{_SHAPE}{_paints('light')}\n"
    f"@media screen and (prefers-color-scheme:dark){{{_paints('dark')}}}\n"
    f"@media print{{{_paints('print')}}}"
)
"""CSS for every chart. Inside each SVG unless the page has it once for all."""
