"""Charts: pure functions of figures. The same numbers as SVG, for a terminal, and as a table."""
