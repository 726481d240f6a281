"""Markdown tables of what was measured."""

from dataclasses import dataclass, field
from statistics import median


@dataclass(frozen=True)
class Row:
    """Seconds of one thing's runs, and what else to say of it, by column."""

    name: str
    seconds: list
    more: dict = field(default_factory=dict)


def table(title, note, rows, unit="s"):
    """Prints medians, ranges, the rows' other columns, and each median over that of the first row."""
    scale, digits = {"s": (1, 3), "ms": (1000, 1)}[unit]
    columns = list(rows[0].more)
    heads = ["", f"median {unit}", "min - max", *columns, "times the first"]
    print(f"\n### {title}\n\n{note}\n")
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    for row in rows:
        times = [second * scale for second in row.seconds]
        span = f"{min(times):.{digits}f} - {max(times):.{digits}f}"
        cells = [row.name, f"{median(times):.{digits}f}", span, *(row.more[column] for column in columns)]
        print(f"| {' | '.join(cells)} | {ratio(row, rows[0]):.2f} |", flush=True)


def whole(name, runs, n_bytes=None):
    """A row of whole processes: processor seconds, megabytes (10^6 bytes) of input a second if there is input, peak memory."""
    seconds = [run.wall for run in runs]
    more = {"CPU s": f"{median(run.cpu for run in runs):.3f}"}
    if n_bytes is not None:
        more["MB/s"] = f"{n_bytes / 1e6 / median(seconds):.1f}"
    more["peak MB"] = f"{peak(runs):.0f}"
    return Row(name, seconds, more)


def peak(runs):
    """The median of the runs' peaks of memory, in megabytes."""
    return median(run.peak for run in runs) / 1e6


def ratio(row, base):
    """How many times the median of `base` the median of `row` is."""
    return median(row.seconds) / median(base.seconds)


def span_of(rows, bases):
    """The least and greatest ratio of rows to their bases, as text: "5.1 to 7.3"."""
    ratios = [ratio(row, base) for row, base in zip(rows, bases, strict=True)]
    return f"{min(ratios):.1f} to {max(ratios):.1f}"
