"""The tables `signal_level` and `signal_change`, worked out from the signals themselves.

Thresholds, run lengths and chances are the lake's: they come from random draws, and check_signals.py works out what
they should come to.
"""

import json
import tomllib
from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow.parquet as parquet
from scipy.optimize import brentq

import formulas
import signals
from lake import TINY, read

RULES = Path(__file__).parents[2] / "crates/insight/signals.toml"
CHANNELS = ("complaint", "event", "notification", "whistleblowing")
POISSON, NEGATIVE_BINOMIAL = "cusum-poisson", "cusum-negative-binomial"
LEVEL = ("period_start period_end months signals cases serious_open children rate rate_low rate_high national_rate "
         "level level_low level_high above_excess excess edition method").split()
CHANGE = ("cases expected baseline_months cusum threshold alarm last_alarm dispersion average_run_length "
          "chance_if_doubled chance_if_unchanged alarms_by_chance edition method").split()
TEXTS = ("period_start", "period_end", "alarm", "last_alarm", "edition", "method")
# Rates are rounded up to a power of this; so near above a power is on it.
STEP, SLACK = 1.05, 1e-9


def restricted(lake, name):
    """A table of what was told in confidence."""
    return parquet.read_table(Path(lake) / "restricted" / "current" / f"{name}.parquet")


def month(day):
    """Months since the year 0."""
    return day.year * 12 + day.month - 1


def first_day(number):
    return date(number // 12, number % 12 + 1, 1)


def last_day(number):
    return first_day(number + 1) - timedelta(days=1)


def last_whole(day):
    """The last month all of whose days are not after the day."""
    return month(day + timedelta(days=1)) - 1


class Record:
    """Authorities in force, their children, and by authority and channel the months known: `start` to `end`."""

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
        begun, told, self.start, self.end = {}, {}, {}, {}
        for m in messages:
            where = region[m["authority_code"]]
            place = where, m["channel"]
            begun[place] = min(begun.get(place, m["received_on"]), m["received_on"])
            told[where] = max(told.get(where, m["told_on"]), m["told_on"])
        for code, (where, channel) in ((c, place) for c in self.codes for place in begun if place[0] == region[c]):
            start, end = month(begun[where, channel]) + 1, last_whole(min(told[where], self.as_at))
            if start <= end:
                self.start[code, channel], self.end[code, channel] = start, end
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

    def window(self, code, channel, back, most):
        """The first and the last month of at most `most`, the last so many months before the end; None where none."""
        if (code, channel) not in self.end or not self.children.get(code) or code in TINY:
            return None
        last = self.end[code, channel] - back
        first = max(self.start[code, channel], last - most + 1)
        return (first, last) if last - first + 1 >= self.rules["least_months"] else None

    def series(self, code, channel, window):
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
        return np.where(below, np.log1p(k * j), 0).sum() + (x * np.log(mu) - (x + 1 / k) * np.log1p(k * mu)).sum()

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
        windows = {c: record.window(c, channel, back, most) for c in record.codes}
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
            low, high, above, excess = (np.nan,) * 4  # Without a fit nothing says how sure the level is.
            if pool.fitted:
                excess = rules["excess"]
                _, low, high = signals.gamma_poisson(x, e, *pool.fitted)
                above = signals.gamma_poisson_above(x, e, *pool.fitted, excess * pool.rate)
            told = sum(record.messages[code, channel][m] for m in range(first, last + 1))
            out[code, channel] = dict(zip(LEVEL, (
                first_day(first), last_day(last), last - first + 1, told, x, record.serious_open[code, channel],
                record.children[code], *formulas.rate(x, e), pool.rate, pool.level[i], low, high, above, excess,
                rules["edition"], "gamma-poisson" if pool.fitted else "national-rate")))
    return out


# --- Changes -----------------------------------------------------------------------------------------------------

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


def round_up(rate):
    """To the next power of 1.05."""
    return STEP ** np.ceil(np.log(rate * (1 - SLACK)) / np.log(STEP))


def change_rows(record, lakes, verdict, silent):
    """What can be said of changes, by authority, channel and last day of the month.

    `lakes` gives what is drawn for a chart, `verdict` says whether counts of a channel vary more than Poisson counts,
    `silent` whether a chart is left out as one case alone would be an alarm.
    """
    rules, out = record.rules, {}
    for channel in CHANNELS:
        pool = Pool(record, channel, rules["change_months"], rules["baseline_months"])
        if not pool.told:
            continue
        k = excess_variance(pool.series.values()) if verdict(channel, pool.series.values()) else 0.0
        for i, (code, (first, last)) in enumerate(pool.windows.items()):
            mu = round_up(pool.level[i] * record.children[code] / 1e4 / 12)
            if silent(code, channel, mu, k):
                continue
            counts = record.series(code, channel, (last + 1, last + rules["change_months"]))
            drawn, latest = lakes(code, channel), None
            sums, alarms = path(counts, *steps(mu, rules["rate_ratio"], k), drawn["threshold"])
            for t, x in enumerate(counts):
                day = last_day(last + 1 + t)
                latest = day if alarms[t] else latest  # Of the months up to this one.
                out[code, channel, day] = drawn | {
                    "cases": x, "expected": mu, "baseline_months": last - first + 1, "cusum": sums[t],
                    "alarm": alarms[t], "last_alarm": latest, "dispersion": k, "edition": rules["edition"],
                    "method": NEGATIVE_BINOMIAL if k else POISSON}
    by_chance = sum({key[:2]: row["chance_if_unchanged"] for key, row in out.items()}.values())
    for row in out.values():
        row["alarms_by_chance"] = by_chance
    return out
