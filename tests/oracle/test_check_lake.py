"""That check_lake.py finds what it should: python test_check_lake.py.

A made-up lake passes; with one value of any column changed, or hidden, or a row gone, it does not. And a few rows are
worked out by hand, so that the arrays are wired as the formulas mean.
"""

import contextlib
import io
import math
import shutil
import tempfile
import unittest
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
from scipy.stats import norm

import check_lake
import made_up
from lake import TINY

KEYS = ("indicator_id", "authority_code", "period_end")


def passes(folder, least=check_lake.SMALL):
    with contextlib.redirect_stdout(io.StringIO()):
        return check_lake.check(folder, least)


def other(value):
    """A value that differs by little more than is forgiven."""
    return value + "x" if isinstance(value, str) else value + max(abs(value), 1) * 1e-7


class WithLake(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp())
        made_up.make(cls.folder)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def table(self, name):
        return parquet.read_table(self.folder / "current" / f"{name}.parquet")

    @contextlib.contextmanager
    def changed(self, name, table):
        path = self.folder / "current" / f"{name}.parquet"
        held = path.read_bytes()
        parquet.write_table(table, path)
        yield
        path.write_bytes(held)


class CheckLake(WithLake):
    def test_passes_as_made(self):
        self.assertTrue(passes(self.folder))

    def test_too_little_shows_nothing(self):
        self.assertFalse(passes(self.folder, check_lake.LEAST))

    def test_every_column_is_held(self):
        for name in ("comparison", "dispersion", "trend"):
            table = self.table(name)
            for place, column in enumerate(table.column_names):
                values = table.column(column).to_pylist()
                if column in KEYS:
                    continue
                at = next(i for i, v in enumerate(values) if v is not None)
                # Whole numbers stay whole in the file, as in the lake.
                wrong = values[at] + 1 if isinstance(values[at], int) else other(values[at])
                for change in (wrong, None):
                    new = values[:at] + [change] + values[at + 1:]
                    with self.subTest(f"{name}.{column} {change}"), self.changed(
                            name, table.set_column(place, column, pa.array(new))):
                        self.assertFalse(passes(self.folder))
                with self.subTest(f"{name}.{column} gone"), self.changed(name, table.drop_columns([column])):
                    self.assertFalse(passes(self.folder))

    def test_a_figure_for_null(self):
        table = self.table("comparison")
        place, values = table.column_names.index("z"), table.column("z").to_pylist()
        at = values.index(None)
        for wrong in (0.0, math.nan, math.inf):
            new = pa.array(values[:at] + [wrong] + values[at + 1:], pa.float64())
            with self.subTest(wrong), self.changed("comparison", table.set_column(place, "z", new)):
                self.assertFalse(passes(self.folder))

    def test_rows_gone_twice_or_none(self):
        for name in ("comparison", "dispersion", "trend"):
            table = self.table(name)
            for change in (table.slice(1), table.slice(0, 0), pa.concat_tables([table, table.slice(0, 1)])):
                with self.subTest(f"{name} {change.num_rows}"), self.changed(name, change):
                    self.assertFalse(passes(self.folder))


class ByHand(WithLake):
    """One proportion and one period, in plain loops."""

    def test_comparison_by_hand(self):
        name, day = "share", made_up.date(2024, 3, 31)
        rows = [r for r in self.table("headline").to_pylist() if r["indicator_id"] == name
                and r["period_end"] == day and r["geography_level"] == "authority" and r["value"] is not None]
        found = {r["authority_code"]: r for r in self.table("comparison").to_pylist()
                 if r["indicator_id"] == name and r["period_end"] == day}
        row = next(r for r in self.table("dispersion").to_pylist()
                   if r["indicator_id"] == name and r["period_end"] == day)
        counted, shared = [], set()
        for r in sorted(rows, key=lambda r: r["geography_code"]):
            if r["geography_code"] not in TINY and not (r["shared_service"] and r["source_row"] in shared):
                counted.append(r)
                shared |= {r["source_row"]} if r["shared_service"] else set()
        self.assertEqual(row["areas"], len(counted))
        target = sum(r["numerator"] for r in counted) / sum(r["denominator"] for r in counted)
        self.assertAlmostEqual(row["target"], target, 14)
        self.hold_scores(counted, found, row, target)
        self.hold_neighbours(rows, found, row["tau2"])

    def hold_scores(self, counted, found, row, target):
        z, weights = [], []
        for r in counted:
            x, n = r["numerator"], r["denominator"]
            value = (math.asin(math.sqrt(x / n)) - math.asin(math.sqrt(target))) * 2 * math.sqrt(n)
            if n * target * (1 - target) < 5:
                mass = [math.comb(int(n), k) * target ** k * (1 - target) ** (n - k) for k in range(int(x) + 1)]
                value = norm.ppf(sum(mass[:-1]) + mass[-1] / 2)
            self.assertAlmostEqual(found[r["geography_code"]]["z"], value, 9)
            z.append(value)
            weights.append(4 * n)
        low, high = (sorted(z)[int(h)] + (h % 1) * (sorted(z)[int(h) + 1] - sorted(z)[int(h)])
                     for h in (0.1 * (len(z) - 1), 0.9 * (len(z) - 1)))
        size, total = len(z), sum(weights)
        phi = sum(min(max(v, low), high) ** 2 for v in z) / size
        tau2 = (size * phi - size + 1) / (total - sum(w * w for w in weights) / total)
        self.assertAlmostEqual(row["phi"], phi, 10)
        self.assertAlmostEqual(row["tau2"], tau2, 14)
        for r, value, w in zip(counted, z, weights):
            had = found[r["geography_code"]]
            self.assertAlmostEqual(had["z_adjusted"], value / w ** 0.5 / math.sqrt(1 / w + tau2), 9)
            far = math.asin(math.sqrt(target)) + 3.090232306167813 * math.sqrt(1 / w + tau2)
            self.assertAlmostEqual(had["adjusted_high_998"], 100 * math.sin(min(far, math.pi / 2)) ** 2, 9)

    def hold_neighbours(self, rows, found, tau2):
        by_code = {r["geography_code"]: r for r in rows}
        lists = {}
        for r in self.table("neighbour").to_pylist():
            if r["set_id"] == "new":
                lists.setdefault(r["authority_code"], []).append(r["neighbour_code"])
        compared = 0
        for code, near in lists.items():
            held = [by_code[c] for c in near if c in by_code]
            self.assertEqual(found[code]["neighbour_n"], len(held))
            others = [r for r in held if r["geography_code"] != code and r["geography_code"] not in TINY]
            x, n = sum(r["numerator"] for r in others), sum(r["denominator"] for r in others)
            self.assertAlmostEqual(found[code]["neighbour_pooled"], 100 * x / n, 10)
            if code in by_code:
                own = by_code[code]
                gap = (math.asin(math.sqrt(own["numerator"] / own["denominator"])) - math.asin(math.sqrt(x / n)))
                share = sum(r["denominator"] ** 2 for r in others) / n ** 2
                spread = 1 / (4 * own["denominator"]) + 1 / (4 * n) + tau2 * (1 + share)
                self.assertAlmostEqual(found[code]["z_neighbours"], gap / math.sqrt(spread), 9)
                compared += 1
        self.assertGreater(compared, 20)


if __name__ == "__main__":
    unittest.main()
