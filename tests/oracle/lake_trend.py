"""The table `trend`, worked out from the figures, one indicator at a time."""

import numpy as np

import formulas as f

NUMBERS = "points change slope chi2 dispersion chi2_adjusted p_value".split()
TEXTS = ("trend_marker", "trend_adjusted")


def month(day):
    """Months since the year 0: annual periods end twelve apart, whatever the length of February."""
    return day.year * 12 + day.month - 1


class Series:
    """The figures of one indicator: value, x and n of each authority by annual period, nan where there is none."""

    def __init__(self, figures, rows):
        self.codes = sorted(set(figures.code[rows]))
        area = {c: i for i, c in enumerate(self.codes)}
        held = rows[~np.isnan(figures.value[rows])]
        self.last = max(month(figures.period[i]) for i in held) if len(held) else None
        self.measure = figures.measure[rows[0]]
        self.per = figures.per[rows[0]]
        if self.last is None:
            return
        # The year an annual period ends before the last one; those off the annual step take no part.
        self.length = 1 + max((self.last - month(figures.period[i])) // 12 for i in held)
        self.value, self.x, self.n = (np.full((len(self.codes), self.length), np.nan) for _ in range(3))
        for i in held:
            back, rest = divmod(self.last - month(figures.period[i]), 12)
            if rest == 0:
                place = area[figures.code[i]], self.length - 1 - back
                self.value[place] = figures.value[i]
                if figures.has[i]:
                    self.x[place], self.n[place] = figures.x[i], figures.n[i]

    def latest(self, values):
        """The last five annual periods, oldest first."""
        padded = np.concatenate([np.full((len(self.codes), 5), np.nan), values], 1)
        return padded[:, -5:]


def trend_of(series):
    """Columns of one indicator for all its authorities, and which of them have a row."""
    size = len(series.codes)
    c = {name: np.full(size, np.nan) for name in NUMBERS} | {name: np.full(size, None, object) for name in TEXTS}
    if series.last is None:
        return c, np.zeros(size, bool)
    value = series.latest(series.value)
    c["points"] = (~np.isnan(value)).sum(1).astype(float)
    c["change"] = value[:, 4] - value[:, 3]
    if series.measure in ("proportion", "rate", "ratio"):
        test_counts(c, series)
    elif series.measure in ("mean", "quantile"):
        test_values(c, series)
    return c, c["points"] > 0


def test_counts(c, series):
    """Chi-square, slope and markers of those that have all five."""
    x, n = series.latest(series.x), series.latest(series.n)
    five = np.flatnonzero((~np.isnan(n)).all(1))
    if not len(five):
        return
    x, n = x[five], n[five]
    if series.measure == "proportion":
        statistic, rest, slope, kept = f.proportion_trend(x, n)
    else:
        value, low, high = f.rate(x, n, series.per)
        statistic, rest, slope, kept = f.valued_trend(value, low, high)
    tested = ~np.isnan(statistic)
    if not tested.any():
        return
    phi = f.pooled_dispersion(rest[tested])
    c["dispersion"][five[tested]] = phi
    for k in np.flatnonzero(tested):
        i = five[k]
        c["chi2"][i], c["slope"][i], c["chi2_adjusted"][i] = statistic[k], slope[k], statistic[k] / phi
        c["trend_marker"][i] = f.marker(statistic[k], slope[k], kept[k])
        c["trend_adjusted"][i] = f.marker(statistic[k] / phi, slope[k], kept[k])


def test_values(c, series):
    """Theil-Sen and Mann-Kendall of the latest run without a gap, where it has eight points."""
    for i, values in enumerate(series.value):
        run = latest_run(values)
        if len(run) < 8:
            continue
        c["slope"][i], c["p_value"][i] = f.mann_kendall(run)
        direction = "increasing" if c["slope"][i] >= 0 else "decreasing"
        c["trend_adjusted"][i] = direction if c["p_value"][i] < 0.002 else "no-change"


def latest_run(values):
    """From the last period back to the first gap before it."""
    gaps = np.flatnonzero(np.isnan(values))
    return values[gaps[-1] + 1:] if len(gaps) else values


def expected(figures):
    """Keys and columns of the whole table."""
    keys, parts = [], []
    order = {}
    for i, name in enumerate(figures.indicator):
        order.setdefault(name, []).append(i)
    for name, rows in order.items():
        series = Series(figures, np.array(rows))
        with np.errstate(all="ignore"):
            columns, there = trend_of(series)
        keys += [(name, code) for code, kept in zip(series.codes, there) if kept]
        parts.append({k: v[there] for k, v in columns.items()})
    return keys, {k: np.concatenate([p[k] for p in parts]) for k in NUMBERS + list(TEXTS)}
