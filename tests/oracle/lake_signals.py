"""The tables `signal_level` and `signal_change`, worked out from the signals themselves.

Thresholds and run lengths are the lake's: they come from random draws, and check_signals.py draws others.
"""

import calendar
import json
import tomllib
from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow.parquet as parquet
from scipy.optimize import brentq
from scipy.stats import norm

import signals
from lake import read

RULES = Path(__file__).parents[2] / "crates/insight/signals.toml"
CHANNELS = ("complaint", "event", "notification", "whistleblowing")
POISSON, NEGATIVE_BINOMIAL = "cusum-poisson", "cusum-negative-binomial"
LEVEL = ("period_start period_end months signals cases serious_open children rate national_rate level level_low "
         "level_high above_excess excess edition method").split()
CHANGE = ("cases expected baseline_months cusum threshold alarm ewma ewma_limit dispersion average_run_length "
          "false_alarms_a_year edition method").split()
TEXTS = ("period_start", "period_end", "alarm", "edition", "method")


def restricted(lake, name):
    """A table of what was told in confidence."""
    return parquet.read_table(Path(lake) / "restricted" / "current" / f"{name}.parquet")


def month(day):
    """Months since the year 0."""
    return day.year * 12 + day.month - 1


def first_day(number):
    return date(number // 12, number % 12 + 1, 1)


def last_day(number):
    year, place = divmod(number, 12)
    return date(year, place + 1, calendar.monthrange(year, place + 1)[1])


def last_whole(day):
    """The last month all of whose days are not after the day."""
    return month(day + timedelta(days=1)) - 1


# --- The record --------------------------------------------------------------------------------------------------

class Record:
    """Authorities in force, their children, and the months of which something is known: `start` to `end`."""

    def __init__(self, lake):
        with open(RULES, "rb") as file:
            self.rules = tomllib.load(file)
        manifest = json.loads((Path(lake) / "current" / "manifest.json").read_text())
        self.as_at = date.fromisoformat(manifest["as_at"])
        everybody = read(lake, "authority", ["authority_code", "ofsted_region", "valid_from", "valid_to"]).to_pylist()
        region = {a["authority_code"]: a["ofsted_region"] for a in everybody}
        self.codes = sorted(a["authority_code"] for a in everybody
                            if (a["valid_from"] or date.min) <= self.as_at <= (a["valid_to"] or date.max))
        self.children = children(lake)
        messages = restricted(lake, "signal").to_pylist()
        begun, told = {}, {}
        for m in messages:
            where = region[m["authority_code"]]
            begun[where] = min(begun.get(where, m["received_on"]), m["received_on"])
            told[where] = max(told.get(where, m["told_on"]), m["told_on"])
        held = [c for c in self.codes if region[c] in begun]
        self.start = {c: month(begun[region[c]]) + 1 for c in held}
        self.end = {c: last_whole(min(told[region[c]], self.as_at)) for c in held}
        self.count(messages)

    def count(self, messages):
        """Months of messages and of cases by authority and channel; a case is of the month of its first message."""
        self.messages, self.cases, self.serious_open, begun = defaultdict(Counter), defaultdict(Counter), Counter(), {}
        for m in messages:
            key = m["authority_code"], m["channel"]
            self.messages[key][month(m["received_on"])] += 1
            self.serious_open[key] += m["severity"] == "serious" and m["status"] != "closed"
            case = (*key, "ref", m["case_ref"]) if m["case_ref"] else (*key, "alone", m["signal_id"])
            begun[case] = min(begun.get(case, m["received_on"]), m["received_on"])
        for case, day in begun.items():
            self.cases[case[:2]][month(day)] += 1

    def window(self, code, back, most):
        """The first and the last month of at most `most`, the last so many months before the end; None where none."""
        if code not in self.end or not self.children.get(code):
            return None
        last = self.end[code] - back
        first = max(self.start[code], last - most + 1)
        return (first, last) if last - first + 1 >= self.rules["least_months"] else None

    def series(self, code, channel, window):
        """Cases of each month of the window."""
        return np.array([self.cases[code, channel][m] for m in range(window[0], window[1] + 1)], float)


def children(lake):
    """The latest mid-year estimate of each authority."""
    table = read(lake, "headline", ["indicator_id", "geography_level", "geography_code", "period_end", "value"])
    rows = [r for r in table.to_pylist() if r["indicator_id"] == "child-population"
            and r["geography_level"] == "authority" and r["value"] is not None]
    return {r["geography_code"]: r["value"] for r in sorted(rows, key=lambda r: r["period_end"])}


# --- Levels ------------------------------------------------------------------------------------------------------

def fit(x, exposure):
    """a and b of the gamma by maximum likelihood of the negative binomial; None where it has no spread.

    In the mean rate m = a/b and k = 1/a: with k given m solves one equation, and of the k at which the profile is
    level the likeliest is the answer. Sums over j < x stand for differences of digamma, so that no digits are lost.
    """
    j = np.arange(x.max())
    below = j[None, :] < x[:, None]

    def mean(k):
        return brentq(lambda m: ((x - m * exposure) / (1 + k * m * exposure)).sum(), 0, (x / exposure).max() + 1,
                      xtol=1e-300, rtol=1e-15)

    def slope(k):
        mu = mean(k) * exposure
        early = np.where(below, j / (1 + k * j), 0).sum()
        return early + (np.log1p(k * mu) / k**2 - (x + 1 / k) * mu / (1 + k * mu)).sum()

    def likelihood(k):
        mu = mean(k) * exposure
        return (np.where(below, np.log1p(k * j), 0).sum() + (x * np.log(mu) - (x + 1 / k) * np.log1p(k * mu)).sum())

    even = x.sum() / exposure.sum() * exposure
    grid = np.geomspace(1e-6, 1e3, 181)
    slopes = np.array([slope(k) for k in grid])
    tops = [brentq(slope, grid[i], grid[i + 1], xtol=1e-300, rtol=1e-15)
            for i in np.flatnonzero((slopes[:-1] > 0) & (slopes[1:] <= 0))]
    best = max(tops, key=likelihood, default=None)
    if best is None or likelihood(best) <= (x * np.log(even) - even).sum():
        return None
    return 1 / best, 1 / (best * mean(best))


class Pool:
    """One channel in one window of every authority of which enough is held, and the rate each is believed to have."""

    def __init__(self, record, channel, back, most):
        windows = {c: record.window(c, back, most) for c in record.codes}
        self.windows = {c: w for c, w in windows.items() if w}
        self.series = {c: record.series(c, channel, w) for c, w in self.windows.items()}
        self.x = np.array([s.sum() for s in self.series.values()])
        # Children by ten thousand, times years: rates are per 10,000 children a year.
        self.exposure = np.array([record.children[c] / 1e4 * len(s) / 12 for c, s in self.series.items()])
        self.told = self.x.sum() > 0  # Where nobody has a case there is no rate to compare with.
        if self.told:
            self.rate = self.x.sum() / self.exposure.sum()
            self.fitted = fit(self.x, self.exposure)
            a, b = self.fitted or (np.nan, np.nan)
            self.level = np.full(len(self.x), self.rate) if self.fitted is None else (a + self.x) / (b + self.exposure)


def level_rows(record):
    """What can be said of the level, by authority and channel."""
    rules, out = record.rules, {}
    for channel in CHANNELS:
        pool = Pool(record, channel, 0, rules["level_months"])
        for i, (code, (first, last)) in enumerate(pool.windows.items() if pool.told else ()):
            x, e = pool.x[i], pool.exposure[i]
            low, high, above = pool.rate, pool.rate, float(rules["excess"] < 1)
            if pool.fitted:
                _, low, high = signals.gamma_poisson(x, e, *pool.fitted)
                above = signals.gamma_poisson_above(x, e, *pool.fitted, rules["excess"] * pool.rate)
            told = sum(record.messages[code, channel][m] for m in range(first, last + 1))
            out[code, channel] = dict(zip(LEVEL, (
                first_day(first), last_day(last), last - first + 1, told, x, record.serious_open[code, channel],
                record.children[code], x / e, pool.rate, pool.level[i], low, high, above, rules["excess"],
                rules["edition"], "gamma-poisson" if pool.fitted else "national-rate")))
    return out


# --- Changes -----------------------------------------------------------------------------------------------------

def varies(series):
    """The index of dispersion about each authority's own mean, its mean and variance given the totals, and p."""
    some = [s for s in series if s.sum() > 0]
    index = sum(((s - s.mean()) ** 2).sum() / s.mean() for s in some)
    mean = sum(len(s) - 1 for s in some)
    variance = sum(2 * (len(s) - 1) * (1 - 1 / s.sum()) for s in some)
    return index, mean, variance, norm.sf((index - mean) / np.sqrt(variance)) if variance else 1.0


def excess_variance(series):
    """sum (s^2 - m) / sum (m^2 - s^2/n): both without bias, of a variance m + k m^2; never below 0."""
    above = sum(s.var(ddof=1) - s.mean() for s in series)
    square = sum(s.mean() ** 2 - s.var(ddof=1) / len(s) for s in series)
    return max(0.0, above / square) if square else 0.0


def steps(mu, ratio, k):
    """What the sum gains for each case and loses each month: the likelihood ratio of mu times the ratio against mu."""
    if not k:
        return np.log(ratio), mu * (ratio - 1)
    more = (1 + ratio * k * mu) / (1 + k * mu)
    return np.log(ratio / more), np.log(more) / k


def path(counts, gain, loss, threshold):
    """The sum at each month, before it starts again, and whether it reached the threshold."""
    s, sums, alarms = 0.0, [], []
    for x in counts:
        s = max(0.0, s + x * gain - loss)
        sums.append(s)
        alarms.append(s >= threshold)
        s = 0.0 if alarms[-1] else s
    return sums, alarms


def change_rows(record, lakes, verdict):
    """What can be said of changes, by authority, channel and last day of the month.

    `lakes` gives threshold and run length of a chart, `verdict` whether counts of a channel vary more than Poisson's.
    """
    rules, out = record.rules, {}
    for channel in CHANNELS:
        pool = Pool(record, channel, rules["change_months"], rules["baseline_months"])
        if not pool.told:
            continue
        k = excess_variance(pool.series.values()) if verdict(channel, pool.series.values()) else 0.0
        for i, (code, (first, last)) in enumerate(pool.windows.items()):
            mu = pool.level[i] * record.children[code] / 1e4 / 12
            mu = 1.1 ** round(np.log(mu) / np.log(1.1))
            counts = record.series(code, channel, (last + 1, last + rules["change_months"]))
            threshold, length = lakes(code, channel)
            sums, alarms = path(counts, *steps(mu, rules["rate_ratio"], k), threshold)
            moving, limit, _ = signals.ewma(counts, mu, rules["ewma_weight"], rules["ewma_width"])
            for t, x in enumerate(counts):
                out[code, channel, last_day(last + 1 + t)] = dict(zip(CHANGE, (
                    x, mu, last - first + 1, sums[t], threshold, alarms[t], moving[t], limit[t], k, length, np.nan,
                    rules["edition"], POISSON if not k else NEGATIVE_BINOMIAL)))
    charts = {key[:2]: row["average_run_length"] for key, row in out.items()}
    for row in out.values():
        row["false_alarms_a_year"] = sum(12 / length for length in charts.values())
    return out
