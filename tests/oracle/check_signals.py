"""Works out every row of `signal_level` and `signal_change` again and holds them against a built lake.

check_signals.py LAKE. Prints a line a column; exits 1 on any difference, and where so little was compared that it would
show nothing.
"""

import sys

import numpy as np

import lake as tables
from lake import Outcome, hold, objects
from lake_signals import (CHANGE, CHANNELS, LEVEL, NEGATIVE_BINOMIAL, TEXTS, Record, change_rows, last_day, last_whole,
                          level_rows, restricted, steps, varies)

LEAST_ROWS, LEAST_VALUES = 100, 20
# Rates of a few in a million child-years: an absolute 1e-9 would forgive too much. What comes through the maximum
# likelihood fit is held to 1e-9 like the rest, since both searches of ours go to the last digits.
SMALL = "expected rate national_rate level level_low level_high above_excess dispersion".split()
# Combinations of method, dispersion and expected that are simulated again, and series of each.
COMBINATIONS, SERIES, SEED = 12, 10_000, 4711
DEVIATIONS, LONGEST = 5.0, 10
# What stands in a row, though nothing can be said, is not told by the document but for these.
SILENT = {"signal_level": "rate level level_low level_high above_excess method".split(),
          "signal_change": "expected cusum threshold alarm ewma method".split()}


def arrays(rows, keys, names):
    """A column for each name."""
    return {n: np.array([rows[k][n] for k in keys] + [None], object)[:-1] if n in TEXTS
            else np.array([rows[k][n] for k in keys], float) for n in names}


def compare(name, table, rows, key_names, names, silent):
    """Rows of which something can be said by value; of the others that they stand there, say why, and no more."""
    keys = sorted(rows)
    place = {k: i for i, k in enumerate(zip(*(table.column(n).to_pylist() for n in key_names)))}
    quiet = sorted(place[k] for k in silent if k in place)
    told = [i for i in range(table.num_rows) if i not in set(quiet)]
    good = hold(name, table.take(told), keys, key_names, arrays(rows, keys, names), LEAST_ROWS, LEAST_VALUES)
    outcome, why = Outcome(name, 0), objects(table.column("why"))
    missing = [k for k in silent if k not in place]
    if missing:
        outcome.fail(f"{len(missing)} rows missing of which nothing can be said: {missing[:10]}")
    if any(why[i] is not None for i in told) or any(not why[i] for i in quiet):
        outcome.fail("why: NULL where something can be said, and a text where not, is not so in every row")
    for column in SILENT[name]:
        if any(v is not None for v in objects(table.column(column))[np.array(quiet, int)]):
            outcome.fail(f"{column}: not NULL in all of the {len(quiet)} rows of which nothing can be said")
    print(f"{name}.why: {len(told)} rows without, {len(quiet)} with")
    return good and outcome.good


def check_level(lake, record):
    rows = level_rows(record)
    silent = [(c, k) for c in record.codes for k in CHANNELS if (c, k) not in rows]
    return compare("signal_level", restricted(lake, "signal_level"), rows, ("authority_code", "channel"), LEVEL, silent)


def check_change(lake, record):
    table = restricted(lake, "signal_change")
    charts = {(r["authority_code"], r["channel"]): r for r in table.to_pylist()}
    outcome = Outcome("signal_change", 0)

    def lakes(code, channel):
        """Threshold and run length of a chart, nan where the lake has none."""
        row = charts.get((code, channel), {})
        return row.get("threshold") or np.nan, row.get("average_run_length") or np.nan

    def verdict(channel, series):
        """Ours is held against the lake's, and the lake's is followed, so that the rest is still compared."""
        index, mean, variance, p = varies(series)
        ours = p < record.rules["dispersion_p"]
        theirs = any(r["method"] == NEGATIVE_BINOMIAL for (_, c), r in charts.items() if c == channel)
        print(f"signal_change: {channel}: index of dispersion {index:.3f}, {mean} with a deviation of "
              f"{np.sqrt(variance):.3f} by chance, p = {p:.4f}")
        if ours != theirs:
            outcome.fail(f"{channel}: {'more' if theirs else 'no more'} than Poisson counts in the lake, not so here")
        return theirs

    rows = change_rows(record, lakes, verdict)
    ours, before = {k[:2] for k in rows}, last_day(last_whole(record.as_at))
    silent = [(c, k, before) for c in record.codes for k in CHANNELS if (c, k) not in ours]
    good = compare("signal_change", table, rows, ("authority_code", "channel", "period_end"), CHANGE, silent)
    return good & outcome.good & check_thresholds(record.rules, table)


def runs(random, mu, ratio, k, threshold, series, longest):
    """Months and alarms of so many series with nothing wrong, each until its first alarm or to the longest."""
    gain, loss = steps(mu, ratio, k)
    s, months, alarms = np.zeros(series), 0, 0
    for _ in range(longest):
        x = random.poisson(mu, len(s)) if not k else random.negative_binomial(1 / k, 1 / (1 + k * mu), len(s))
        s = np.maximum(0, s + x * gain - loss)
        months += len(s)
        s = s[s < threshold]
        alarms = series - len(s)
        if not len(s):
            break
    return months, alarms


def check_thresholds(rules, table):
    """Draws series again, of some combinations, until the alarm: the months to it are those that the lake gives."""
    outcome = Outcome("signal_change", 0)
    wanted = rules["years_without_alarm"] * 12 * len(CHANNELS)
    held = sorted({tuple(r[n] for n in ("method", "dispersion", "expected", "threshold", "average_run_length"))
                   for r in table.to_pylist() if r["threshold"] is not None})
    if len({h[:3] for h in held}) < len(held):
        outcome.fail("threshold: one combination of method, dispersion and expected has more than one")
    random = np.random.default_rng(SEED)
    some = random.choice(len(held), min(COMBINATIONS, len(held)), replace=False)
    for _, dispersion, expected, threshold, theirs in (held[i] for i in sorted(some)):
        months, alarms = runs(random, expected, rules["rate_ratio"], dispersion, threshold, SERIES, LONGEST * wanted)
        ours = months / max(alarms, 1)
        # Months by alarms: the deviation of a mean of times that are nearly exponential, theirs of fewer series.
        error = ours * np.sqrt(1 / max(alarms, 1) + SERIES / rules["series"] / max(alarms, 1))
        print(f"signal_change.threshold: {threshold:.4f} at {expected:.6f} a month, dispersion {dispersion:.3f}: "
              f"{theirs:.1f} months in the lake, {ours:.1f} here, {(theirs - ours) / error:+.1f} deviations")
        if not abs(theirs - ours) <= DEVIATIONS * error:
            outcome.fail(f"average_run_length: {theirs} in the lake, {ours} here")
        if theirs < wanted or ours < wanted - DEVIATIONS * error:
            outcome.fail(f"average_run_length: below the {wanted} months that were wanted")
    if len(some) < min(COMBINATIONS, 2):
        outcome.fail("threshold: too few combinations to show anything")
    return outcome.good


def main(arguments):
    if len(arguments) != 1:
        sys.exit("usage: check_signals.py LAKE")
    tables.ABSOLUTE_OF |= {name: 1e-15 for name in SMALL}
    record = Record(arguments[0])
    good = check_level(arguments[0], record) & check_change(arguments[0], record)
    print("the signals are what the oracle says" if good else "THE SIGNALS AND THE ORACLE DIFFER")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
