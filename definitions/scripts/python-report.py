"""Sums up a CSV file by one of its columns.

   python3 python-report.py FILE --by COLUMN --value COLUMN

Prints a line for each group: how many rows, sum, mean and median. A row whose value is no number is a warning.
Exit code 0: done. 3: some rows were left out. 1: the file cannot be read. 2: the arguments are wrong.
The standard library is all it needs.
"""

from __future__ import annotations

import argparse
import csv
import statistics
import sys

INCOMPLETE = 3


def main() -> int:
    options = read_options()
    try:
        with open(options.file, newline="", encoding="utf-8") as lines:
            groups, wrong = group(csv.DictReader(lines), options.by, options.value)
    except (OSError, KeyError, csv.Error, UnicodeDecodeError) as error:
        print(f"python-report: {explain(error)}", file=sys.stderr)
        return 1
    for name, values in sorted(groups.items()):
        print(f"{name:<16} {len(values):>6} rows  sum {sum(values):>10.2f}  mean {statistics.mean(values):>8.2f}  median {statistics.median(values):>8.2f}")
    print(f"python-report: {sum(map(len, groups.values()))} rows in {len(groups)} groups, {wrong} left out")
    return INCOMPLETE if wrong else 0


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file")
    parser.add_argument("--by", required=True, help="column that names the group")
    parser.add_argument("--value", required=True, help="column that holds the number")
    return parser.parse_args()


def group(rows: csv.DictReader, by: str, value: str) -> tuple[dict[str, list[float]], int]:
    for column in (by, value):
        if column not in (rows.fieldnames or []):
            raise KeyError(column)
    groups: dict[str, list[float]] = {}
    wrong = 0
    for row in rows:
        try:
            groups.setdefault(shown(row[by]), []).append(float(row[value]))
        except (TypeError, ValueError):
            print(f"::warning::line {rows.line_num}: {row[value]!r} is no number")
            wrong += 1
    return {name: values for name, values in groups.items() if values}, wrong


def shown(text: str | None) -> str:
    """A cell must not begin a line of its own in the output."""
    return "".join(letter if letter.isprintable() else "?" for letter in text or "(none)")


def explain(error: Exception) -> str:
    return f"there is no column {error}" if isinstance(error, KeyError) else str(error)


if __name__ == "__main__":
    sys.exit(main())
