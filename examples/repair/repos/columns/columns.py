"""Rows of cells under each other; numbers stand to the right."""

from wrap import wrap


def table(rows, width=12):
    lines = []
    widths = [max(min(len(str(row[i])), width) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = [wrap(str(cell), width) or [""] for cell in row]
        for at in range(max(len(cell) for cell in cells)):
            shown = [placed(cell, at, row[i], widths[i]) for i, cell in enumerate(cells)]
            lines.append("  ".join(shown).rstrip())
    return lines


def placed(cell, at, value, width):
    text = cell[at] if at < len(cell) else ""
    return text.rjust(width) if isinstance(value, (int, float)) else text.ljust(width)
