"""That check_lake.py finds what it should: python test_check_lake.py.

A made-up lake passes; with one value of any column changed, or hidden, or a row gone, it does not. And a few rows are
worked out by hand, so that the arrays are wired as the formulas mean.
"""

import contextlib
import datetime
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

PERIOD, PAIR = ("indicator_id", "authority_code", "period_end"), ("indicator_id", "authority_code")
# What is no held column of each table: its key, and the reason in `comparison`, which `attention` quotes.
NOT_HELD = {"comparison": PERIOD + ("why",), "dispersion": PERIOD, "trend": PERIOD, "examined": PAIR,
            "attention": PAIR, "risk_contribution": PAIR, "risk": ("authority_code", "domain")}
# Of what is drawn only a difference that chance does not explain is one.
DRAWN = {"rank_low": 15, "rank_high": 15, "weight_rank_low": 15, "weight_rank_high": 15, "in_worst_tenth": 0.5}


def passes(folder, least=check_lake.SMALL):
    with contextlib.redirect_stdout(io.StringIO()):
        return check_lake.check(folder, least, draws=5_000)


def other(value, column):
    """A value that differs by little more than is forgiven."""
    if column in DRAWN:
        return value + DRAWN[column] * (1 if value < DRAWN[column] else -1)
    if isinstance(value, datetime.date):
        return value + datetime.timedelta(1)
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
        for name, left_out in NOT_HELD.items():
            table = self.table(name)
            for place, column in enumerate(table.column_names):
                values = table.column(column).to_pylist()
                if column in left_out:
                    continue
                at = next(i for i, v in enumerate(values) if v is not None)
                # Whole numbers stay whole in the file, as in the lake.
                wrong = values[at] + 1 if isinstance(values[at], int) else other(values[at], column)
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
        for name in NOT_HELD:
            table = self.table(name)
            for change in (table.slice(1), table.slice(0, 0), pa.concat_tables([table, table.slice(0, 1)])):
                with self.subTest(f"{name} {change.num_rows}"), self.changed(name, change):
                    self.assertFalse(passes(self.folder))


    def test_a_group_of_the_wrong_people_or_size(self):
        table = self.table("risk")
        place, values = table.column_names.index("review_group"), table.column("review_group").to_pylist()
        scores = [s if d == "all" else None for s, d in zip(table.column("score").to_pylist(),
                                                            table.column("domain").to_pylist())]
        held = [i for i, s in enumerate(scores) if s is not None]
        least, most = min(held, key=scores.__getitem__), max(held, key=scores.__getitem__)
        for change in ((least, most), (least,), (most,)):
            new = list(values)
            for at in change:
                new[at] = "others" if new[at] == "first-to-look-at" else "first-to-look-at"
            with self.subTest(change), self.changed("risk", table.set_column(place, "review_group", pa.array(new))):
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

    def test_q_values_by_hand(self):
        """Benjamini and Hochberg in loops; what two share is one test, and both have its q. Standards are apart."""
        told = [r for r in self.table("attention").to_pylist() if r["p_value"] is not None]
        standards = [r for r in told if r["indicator_id"] in made_up.STANDARDS]
        self.assertGreater(len(standards), 20)
        self.hold_q([r for r in told if r not in standards], "differences")
        self.hold_q(standards, "standards")

    def hold_q(self, rows, family):
        shared = {(r["indicator_id"], r["period_end"], r["geography_code"]): r["source_row"]
                  for r in self.table("headline").to_pylist() if r["shared_service"]}
        tests = {}
        for r in rows:
            key = r["indicator_id"], r["period_end"], r["authority_code"]
            tests[r["indicator_id"], shared.get(key, r["authority_code"])] = r["p_value"]
        self.assertLess(len(tests), len(rows))
        ordered = sorted(tests.values())
        for r in rows:
            q = min(p * len(ordered) / (i + 1) for i, p in enumerate(ordered) if p >= r["p_value"])
            self.assertAlmostEqual(r["q_value"], q, 12)
            self.assertEqual(bool(r["listed"]), q <= 0.1)
            self.assertEqual((r["tests"], r["family"]), (len(ordered), family))
        if family == "differences":
            self.assertIn(made_up.CODES[made_up.WORSE], [r["authority_code"] for r in rows if r["listed"]])

    def test_a_standard_by_hand(self):
        """Labels are of z as it is, and would be others of the adjusted one."""
        def word(z):
            return ["as expected", "worth a question", "clearly different"][sum(abs(z) >= x for x in (
                1.959963984540054, 3.090232306167813))]

        rows = [r for r in self.table("comparison").to_pylist()
                if r["indicator_id"] in made_up.STANDARDS and r["label"] is not None]
        self.assertGreater(len(rows), 100)
        self.assertEqual([r["label"] for r in rows], [word(r["z"]) for r in rows])
        self.assertNotEqual([r["label"] for r in rows], [word(r["z_adjusted"]) for r in rows])

    def test_belief_by_hand(self):
        """One authority's concern in one indicator, with DerSimonian and Laird's tau in loops."""
        examined = [r for r in self.table("examined").to_pylist() if r["indicator_id"] == "share"]
        counted, seen = [], set()
        for r in sorted(self.table("headline").to_pylist(), key=lambda r: r["geography_code"]):
            if (r["indicator_id"], r["period_end"], r["geography_level"]) == (
                    "share", made_up.date(2024, 3, 31), "authority") and r["value"] is not None \
                    and r["geography_code"] not in TINY and not (r["shared_service"] and r["source_row"] in seen):
                seen |= {r["source_row"]} if r["shared_service"] else set()
                counted.append((math.asin(math.sqrt(r["numerator"] / r["denominator"])), 4 * r["denominator"]))
        total = sum(w for _, w in counted)
        middle = sum(y * w for y, w in counted) / total
        q = sum(w * (y - middle) ** 2 for y, w in counted)
        tau2 = (q - len(counted) + 1) / (total - sum(w * w for _, w in counted) / total)
        weights = [1 / (1 / w + tau2) for _, w in counted]
        mu = sum(y * w for (y, _), w in zip(counted, weights)) / sum(weights)
        found = {r["authority_code"]: r["concern"] for r in self.table("risk_contribution").to_pylist()
                 if r["indicator_id"] == "share"}
        for r in examined:
            if r["authority_code"] in found:
                y, s2 = math.asin(math.sqrt(r["numerator"] / r["denominator"])), 1 / (4 * r["denominator"])
                concern = tau2 / (tau2 + s2) * (y - mu) / math.sqrt(tau2)
                self.assertAlmostEqual(found[r["authority_code"]], min(max(concern, -3), 3), 10)
        self.assertGreater(len(found), 20)
        self.assertIn(3.0, found.values())


if __name__ == "__main__":
    unittest.main()
