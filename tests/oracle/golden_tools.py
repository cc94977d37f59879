"""Counting comparisons with golden values, and the reading of golden files."""

import csv
import json
import math


class Tally:
    """What was compared in one file: how many values, the worst difference, and which cases differ."""

    def __init__(self, tolerance=1e-9):
        self.tolerance, self.compared, self.worst, self.failed = tolerance, 0, 0.0, []

    def number(self, case, name, found, expected, tolerance=None, absolute=None):
        """Relative to the expected value (absolute near 0, or where `absolute` says so)."""
        self.compared += 1
        if expected is None or found is None:
            if expected is not None or found is not None and not math.isnan(found):
                self.failed.append((case, name, found, expected))
            return
        limit = absolute if absolute is not None else (tolerance or self.tolerance) * max(abs(expected), 1e-3)
        gap = abs(found - expected)
        self.worst = max(self.worst, gap / max(abs(expected), 1e-3))
        if not gap <= limit:
            self.failed.append((case, name, found, expected))

    def numbers(self, case, name, found, expected, tolerance=None, absolute=None):
        if len(found) != len(expected):
            self.failed.append((case, name, f"{len(found)} values", f"{len(expected)} values"))
        for i, (f, e) in enumerate(zip(found, expected)):
            f = None if f is None or math.isnan(f) else float(f)
            self.number(case, f"{name}[{i}]", f, e, tolerance, absolute)

    def same(self, case, name, found, expected):
        self.compared += 1
        if found != expected:
            self.failed.append((case, name, found, expected))


def read_csv(path):
    """Rows with numbers as numbers and empty cells as None."""
    with open(path, newline="", encoding="utf-8") as file:
        return [{k: cell(v) for k, v in row.items()} for row in csv.DictReader(file)]


def cell(text):
    if text == "":
        return None
    try:
        return float(text)
    except ValueError:
        return text


def read_json(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)
