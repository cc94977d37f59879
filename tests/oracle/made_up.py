"""A made-up lake with all that can befall a figure: hidden, shared, tiny, none at all, one giant, a gap, few areas, one
far worse than all others, and two indicators that go together.
"""

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet

import lake_trend
from lake import Figures
from lake_attention import Attention, Examined
from lake_comparison import Comparison, dispersion_columns, neighbour_matrix, neighbour_sets, neighbours_in_force
from lake_risk import Risk, ends

CODES = [f"E0600{i:04}" for i in range(1, 31)] + ["E06000053", "E09000001"]
CODES.sort()
# Name, measure, multiplier, polarity, true level, size of n, and the years.
INDICATORS = [
    ("share", "proportion", 100.0, "low-is-better", 0.3, 400, range(2018, 2025)),
    ("share-small", "proportion", 100.0, "high-is-better", 0.02, 60, range(2020, 2025)),
    ("share-none", "proportion", 100.0, "none", 0.0, 60, range(2020, 2025)),
    ("share-all", "proportion", 100.0, "high-is-better", 1.0, 60, range(2020, 2025)),
    ("share-of-posts", "proportion", 100.0, "low-is-better", 0.15, 90.4, range(2020, 2025)),
    ("rate", "rate", 10_000.0, "low-is-better", 0.004, 60_000, range(2019, 2025)),
    ("rate-few", "rate", 10_000.0, "none", 0.00005, 60_000, range(2020, 2025)),
    ("ratio-gap", "ratio", 1.0, "low-is-better", 17.0, 40.2, [2019, 2020, 2022, 2023, 2024]),
    ("mean", "mean", 1.0, "high-is-better", 50.0, 80, range(2015, 2025)),
    ("days", "quantile", 1.0, "low-is-better", 300.0, None, range(2015, 2025)),
    ("share-again", "proportion", 100.0, "low-is-better", 0.3, 400, []),  # the figures of share once more
    ("spend", "amount", 1.0, "none", 100.0, None, range(2020, 2025)),
    ("share-held", "proportion", 100.0, "high-is-better", 0.8, 300, range(2020, 2025)),
]
STANDARDS = {"share-held": "15 days"}
CRITERIA = {"share": "hp-thresholds", "share-again": "hp-thresholds", "share-small": "cc-care-leavers",
            "rate": "cc-health", "share-of-posts": "le-workforce", "ratio-gap": "le-workforce"}
WORSE = 7  # the place of one that is far worse than all others in every year


def figure(rng, measure, level, size):
    """Value (before the multiplier), numerator and denominator of one authority and year."""
    if size is None:
        return round(level * rng.uniform(0.5, 1.5)), None, None
    n = round(size * rng.uniform(0.3, 2.0), 0 if float(size).is_integer() else 1)
    if measure == "mean":
        x = round(n * level * rng.uniform(0.8, 1.2), 1)
    elif measure == "proportion":
        x = rng.binomial(int(n), min(1.0, level * rng.uniform(0.7, 1.3)) if level < 1 else 1.0)
        x = n if level == 1 else x
    else:
        x = rng.poisson(n * level * rng.uniform(0.7, 1.3))
    return x / n, float(x), float(n)


def headline(rng):
    rows = []
    for name, measure, per, _, level, size, years in INDICATORS:
        for year in years:
            for k, code in enumerate(CODES[:12] if name == "rate-few" and year == 2020 else CODES):
                value, x, n = figure(rng, measure, level, 3 if k == 5 and name == "share" else size)
                if k == WORSE and name == "share":
                    x = float(min(n, round(2.5 * x)))
                    value = x / n
                rows.append([name, "authority", code, date(year, 3, 31), value * per, x, n, "observed", False,
                             "made-up", len(rows)])
                if rng.random() < 0.04:
                    rows[-1][4:8] = None, None, None, "suppressed"
                elif k == 3 and name == "rate" and n:
                    rows[-1][5:7] = x * 40, n * 40  # one holds more than a tenth
            share(rows)
            rows.append([name, "national", "E92000001", date(year, 3, 31), 1.0, 1.0, 1.0, "observed", False,
                         "made-up", len(rows)])
    rows += [["share-again"] + r[1:4] + ([r[4] - 100 / r[6], r[5] - 1] if r[6] and r[5] else r[4:6]) + r[6:10]
             + [r[10] + len(rows)] for r in rows if r[0] == "share"]
    return rows


def share(rows):
    """The last two authorities but two print one figure between them."""
    first, second = rows[-5], rows[-4]
    second[4:8] = first[4:8]
    first[8] = second[8] = True
    second[10] = first[10]


def write(folder, name, columns):
    parquet.write_table(pa.table(columns), Path(folder) / "current" / f"{name}.parquet")


def nulls(values):
    """A column as Parquet has it: None for nan, whole days and texts as they are."""
    return [None if isinstance(v, float) and not np.isfinite(v) else v for v in values.tolist()]


def make(folder, seed=1):
    """Writes the lake; what should be worked out from it is written as the oracle works it out."""
    (Path(folder) / "current").mkdir(parents=True)
    rng = np.random.default_rng(seed)
    names = ("indicator_id geography_level geography_code period_end value numerator denominator status "
             "shared_service source_id source_row").split()
    write(folder, "headline", dict(zip(names, map(list, zip(*headline(rng))))))
    write(folder, "indicator", {
        "indicator_id": [i[0] for i in INDICATORS] + ["count"], "measure": [i[1] for i in INDICATORS] + ["amount"],
        "multiplier": [i[2] for i in INDICATORS] + [1.0], "polarity": [i[3] for i in INDICATORS] + ["none"],
        "comparable": [True] * len(INDICATORS) + [False], "curated": [True] * (len(INDICATORS) + 1),
        "title": [i[0].capitalize() for i in INDICATORS] + ["Count"], "unit": ["percent"] * (len(INDICATORS) + 1),
        "decimals": [1] * (len(INDICATORS) + 1),
        "standard": [STANDARDS.get(i[0]) for i in INDICATORS] + [None],
        "criterion_id": [CRITERIA.get(i[0]) for i in INDICATORS] + [None]})
    # One that was gone before the last period is not examined.
    write(folder, "authority", {"authority_code": CODES, "valid_to": pa.array(
        [date(2022, 3, 31) if k == 9 else None for k in range(len(CODES))], pa.date32())})
    sets = [(name, day, code, other, rank + 1) for name, day in (("old", date(2021, 1, 1)), ("new", date(2025, 1, 1)))
            for code in CODES if code not in ("E06000053", "E09000001")
            for rank, other in enumerate(rng.choice(CODES[:-1], 10, replace=False).tolist())]
    write(folder, "neighbour", dict(zip(("set_id", "published_on", "authority_code", "neighbour_code", "rank"),
                                        map(list, zip(*sets)))))
    outcomes(folder)


def outcomes(folder):
    figures = Figures(folder)
    found = Comparison(figures, neighbours_in_force(folder))
    columns = {k: nulls(v) for k, v in found.columns.items()}
    write(folder, "comparison", {"indicator_id": list(figures.indicator), "authority_code": list(figures.code),
                                 "period_end": list(figures.period), "why": ["made up"] * len(figures.code)}
          | columns)
    keys, columns = dispersion_columns(found.dispersion)
    write(folder, "dispersion", {"indicator_id": [k[0] for k in keys], "period_end": [k[1] for k in keys]}
          | {k: nulls(v) for k, v in columns.items()})
    keys, columns = lake_trend.expected(figures)
    write(folder, "trend", {"indicator_id": [k[0] for k in keys], "authority_code": [k[1] for k in keys]}
          | {k: nulls(v) for k, v in columns.items()})
    stands_out(folder, Examined(folder, figures, found))


def stands_out(folder, examined):
    """What is examined, the list, and the review groups with as many draws as the program makes."""
    columns = {"indicator_id": list(examined.indicator), "authority_code": list(examined.code)}
    write(folder, "examined", columns | {k: nulls(v) for k, v in examined.columns().items()})
    sets = [neighbour_matrix(s, examined.figures.codes) for s in neighbour_sets(folder)]
    found = Attention(folder, examined, sets).columns
    write(folder, "attention", columns | {k: nulls(v) for k, v in found.items()})
    risk = Risk(examined)
    keys, columns = risk.contributions()
    write(folder, "risk_contribution", {"authority_code": [k[0] for k in keys], "indicator_id": [k[1] for k in keys]}
          | {k: nulls(v) for k, v in columns.items()})
    keys, columns = risk.table()
    write(folder, "risk", {"authority_code": [k[0] for k in keys], "domain": [k[1] for k in keys]}
          | {k: nulls(v) for k, v in (columns | drawn(risk, keys)).items()})


def drawn(risk, keys):
    place = {k: i for i, k in enumerate(keys)}
    columns = {name: np.full(len(keys), np.nan) for name in
               ("rank_low", "rank_high", "in_worst_tenth", "weight_rank_low", "weight_rank_high")}
    columns["review_group"] = np.full(len(keys), None, object)
    for (domain, kind), (who, ranks) in risk.draw(2_000, seed=2).items():
        rows = [place[risk.codes[a], domain] for a in who]
        columns[kind + "_low"][rows], columns[kind + "_high"][rows] = ends(ranks)
        if kind == "rank":
            columns["in_worst_tenth"][rows] = (ranks > len(who) - len(who) // 10).mean(0)
        if (domain, kind) == ("all", "rank"):
            columns["review_group"][rows] = "others"
            first = np.argsort(-ranks.mean(0))[:risk.rules["first_group"]]
            columns["review_group"][np.array(rows)[first]] = "first-to-look-at"
    return columns
