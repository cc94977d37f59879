"""Works out every row of `signal_level` and `signal_change` again and holds them against a built lake.

check_signals.py LAKE. Prints a line a column; exits 1 on any difference, and where so little was compared that it would
show nothing. What the lake draws at random is held against its exact distribution, by as much as its draws can be off.
"""

import sys

import numpy as np
from scipy.stats import binom, nbinom, norm, poisson

import lake as tables
from lake import Outcome, hold, objects
from lake_signals import (CHANGE, CHANNELS, LEVEL, NEGATIVE_BINOMIAL, TEXTS, Record, change_rows, first_day, last_day,
                          last_whole, level_rows, restricted, steps)

LEAST_ROWS, LEAST_VALUES, LEAST_DESIGNS = 100, 20, 5
# Rates of a few in a million child-years: an absolute 1e-9 would forgive too much. What comes through the maximum
# likelihood fit is held to 1e-9 like the rest, since both searches of ours go to the last digits.
SMALL = ("expected rate rate_low rate_high national_rate level level_low level_high above_excess dispersion "
         "chance_if_doubled chance_if_unchanged").split()
DEVIATIONS = 5.0
# A design is of one channel or of several: what is expected, how counts vary, and what was drawn for the two.
DESIGN = "expected dispersion threshold average_run_length chance_if_doubled chance_if_unchanged".split()
# Beside these and `why` a row of which nothing can be said has nothing.
WINDOW = "period_start period_end months signals cases".split()
ALWAYS = {"signal_level": [*WINDOW, "serious_open", "children", "edition"], "signal_change": ["edition"]}


def arrays(rows, keys, names):
    """A column for each name."""
    return {n: np.array([rows[k][n] for k in keys] + [None], object)[:-1] if n in TEXTS
            else np.array([rows[k][n] for k in keys], float) for n in names}


def compare(name, table, rows, key_names, names, silent):
    """Rows of which something can be said by value; of the others that they stand there, say why, and no more.

    `silent` has by key what stands in such a row all the same.
    """
    keys = sorted(rows)
    place = {k: i for i, k in enumerate(zip(*(table.column(n).to_pylist() for n in key_names)))}
    quiet = sorted(place[k] for k in silent if k in place)
    told = sorted(set(range(table.num_rows)) - set(quiet))
    # Of alarms there may be none at all: then it is held that none stands there.
    rare = [n for n in names if n == "last_alarm"]
    good = hold(name, table.take(told), keys, key_names, arrays(rows, keys, [n for n in names if n not in rare]),
                LEAST_ROWS, LEAST_VALUES)
    if rare:
        good &= hold(name, table.take(told), keys, key_names, arrays(rows, keys, rare), LEAST_ROWS, 0)
    outcome, why = Outcome(name, 0), objects(table.column("why"))
    good &= not silent or hold(f"{name} (silent)", table.take(quiet), sorted(silent), key_names,
                               arrays(silent, sorted(silent), ALWAYS[name]), 0, 0)
    if any(why[i] is not None for i in told) or any(not why[i] for i in quiet):
        outcome.fail("why: NULL where something can be said, and a text where not, is not so in every row")
    for column in set(table.column_names) - {*key_names, *ALWAYS[name], "why"}:
        if any(v is not None for v in objects(table.column(column))[np.array(quiet, int)]):
            outcome.fail(f"{column}: not NULL in all of the {len(quiet)} rows of which nothing can be said")
    for column in set(names) ^ (set(table.column_names) - {*key_names, "why"}):
        outcome.fail(f"{column}: a column of one side alone")
    print(f"{name}.why: {len(told)} rows without, {len(quiet)} with")
    return bool(good and outcome.good)


def window_columns(record, code, channel):
    """Months and what came in them, which stand there where it is only that nobody has a case of the channel."""
    window = record.window(code, channel, 0, record.rules["level_months"])
    if window is None:
        return dict(zip(WINDOW, (None, None, np.nan, np.nan, np.nan)))
    first, last = window
    told = sum(record.messages[code, channel][m] for m in range(first, last + 1))
    return dict(zip(WINDOW, (first_day(first), last_day(last), last - first + 1, told, 0)))


def check_level(lake, record):
    rows = level_rows(record)
    silent = {(c, k): {"serious_open": record.serious_open[c, k], "children": record.children.get(c, np.nan),
                       "edition": record.rules["edition"]} | window_columns(record, c, k)
              for c in record.codes for k in CHANNELS if (c, k) not in rows}
    return compare("signal_level", restricted(lake, "signal_level"), rows, ("authority_code", "channel"), LEVEL, silent)


def varies(series):
    """The index of dispersion about each authority's own mean, its mean and variance given the totals, and p."""
    some = [s for s in series if s.sum() > 0]
    index = sum(((s - s.mean()) ** 2).sum() / s.mean() for s in some)
    mean = sum(len(s) - 1 for s in some)
    variance = sum(2 * (len(s) - 1) * (1 - 1 / s.sum()) for s in some)
    return index, mean, variance, norm.sf((index - mean) / np.sqrt(variance)) if variance else 1.0


def law(mu, k):
    """Counts of one month."""
    return nbinom(1 / k, 1 / (1 + k * mu)) if k else poisson(mu)


class Silent:
    """Whether a chart is left out, as a threshold that one case reaches is already high enough.

    Were every month with a case an alarm, the run length would be 1/(1 - P(0)) exactly: no chart if that is at least
    what was wanted. As near to it as the lake's draws may be off the lake is followed, and only its order is held.
    """

    def __init__(self, rules, charts):
        self.charts, self.left_out, self.kept, self.followed = charts, [], [], 0
        self.wanted = rules["years_without_alarm"] * 12 * len(CHANNELS)
        self.doubt = DEVIATIONS / np.sqrt(rules["threshold_series"])

    def __call__(self, code, channel, mu, k):
        lone, row = 1 / law(mu, k).sf(0), self.charts.get((code, channel), {})
        out = lone >= self.wanted
        if abs(lone / self.wanted - 1) <= self.doubt and row:
            self.followed += 1
            out = row["threshold"] is None
        (self.left_out if out else self.kept).append((k, mu))
        return out

    def hold(self, outcome):
        for k in {k for k, _ in self.left_out}:
            most = max(mu for other, mu in self.left_out if other == k)
            least = min((mu for other, mu in self.kept if other == k), default=np.inf)
            if most >= least:
                outcome.fail(f"no chart at {most} a month but one at {least}, dispersion {k}")
        print(f"signal_change: {len(self.left_out)} charts left out as one case would be an alarm, {len(self.kept)} "
              f"kept; of {self.followed} that is taken from the lake, as its draws may say either")


def check_change(lake, record):
    table, rules = restricted(lake, "signal_change"), record.rules
    charts = {(r["authority_code"], r["channel"]): r for r in table.to_pylist()}
    outcome, silent = Outcome("signal_change", 0), Silent(rules, charts)

    def verdict(channel, series):
        """Ours is held against the lake's, and the lake's is followed, so that the rest is still compared."""
        index, mean, variance, p = varies(series)
        areas = sum(s.sum() >= 2 for s in series)
        ours = areas >= rules["dispersion_areas"] and p < rules["dispersion_p"]
        theirs = any(r["method"] == NEGATIVE_BINOMIAL for (_, c), r in charts.items() if c == channel)
        print(f"signal_change: {channel}: index of dispersion {index:.3f}, {mean} with a deviation of "
              f"{np.sqrt(variance):.3f} by chance, p = {p:.4f}, {areas} authorities with two cases")
        if ours != theirs:
            outcome.fail(f"{channel}: {'more' if theirs else 'no more'} than Poisson counts in the lake, not so here")
        return theirs

    def lakes(code, channel):
        """What is drawn for a chart, nan where the lake has none."""
        row = charts.get((code, channel), {})
        return {n: np.nan if row.get(n) is None else row[n] for n in DESIGN[2:]}

    rows = change_rows(record, lakes, verdict, silent)
    silent.hold(outcome)
    ours = {k[:2] for k in rows}
    # Where nothing can be said the row is of the last month of the record, or of the last before the day asked for.
    before = last_whole(record.as_at)
    quiet = {(c, k, last_day(record.end.get((c, k), before))): {"edition": rules["edition"]}
             for c in record.codes for k in CHANNELS if (c, k) not in ours}
    good = compare("signal_change", table, rows, ("authority_code", "channel", "period_end"), CHANGE, quiet)
    return good & outcome.good & check_drawn(rules, table, silent.wanted)


def cycle(chart, true, ratio, k, threshold, most):
    """By months since the sum was last 0: the chances that it reaches the threshold then, or is 0 again.

    After m months and n cases it is n gains less m losses, so that the chances of n are all there is to carry along.
    """
    gain, loss = steps(chart, ratio, k)
    size = int((threshold + loss) / gain) + 4
    counts, tail = law(true, k).pmf(np.arange(size)), law(true, k).sf(np.arange(size) - 1)
    held, least, alarms, zeros = np.ones(1), 0, [], []
    while len(alarms) < most and held.sum() > 1e-13:
        m = len(alarms) + 1
        # Sums that differ from the threshold by rounding alone reach it.
        enough, none = int(np.ceil((threshold + m * loss) / gain - 1e-9)), int(np.floor(m * loss / gain + 1e-12))
        alarms.append(held @ tail[enough - least - np.arange(len(held))])
        every = np.convolve(held, counts)[:enough - least]
        start = max(none + 1 - least, 0)
        zeros.append(every[:start].sum())
        held, least = every[start:], least + start
    return np.array(alarms), np.array(zeros)


def run_length(mu, ratio, k, threshold):
    """Mean months to an alarm with nothing wrong: months of a cycle by its chance of an alarm."""
    alarms, zeros = cycle(mu, mu, ratio, k, threshold, 10**6)
    return (np.arange(1, len(alarms) + 1) * (alarms + zeros)).sum() / alarms.sum()


def chance(mu, true, ratio, k, threshold, months):
    """Of an alarm within the months, if the rate is `true`."""
    alarms, zeros = cycle(mu, true, ratio, k, threshold, months)
    within = [0.0]
    for t in range(1, months + 1):
        n = min(t, len(alarms))
        within.append(alarms[:n].sum() + zeros[:n] @ np.array(within)[t - np.arange(1, n + 1)])
    return within[-1]


def check_drawn(rules, table, wanted):
    """Every design: run length and chances are those of its threshold, and that is no higher than needed."""
    outcome, ratio = Outcome("signal_change", LEAST_DESIGNS), rules["rate_ratio"]
    held = sorted({tuple(r[n] for n in DESIGN) for r in table.to_pylist() if None not in [r[n] for n in DESIGN]})
    if len({h[:2] for h in held}) < len(held):
        outcome.fail("threshold: of one expected and dispersion there is more than one, or of what was drawn with it")
    doubt, wrong, worst, sums = DEVIATIONS / np.sqrt(rules["threshold_series"]), {}, {}, np.zeros((2, 2))

    def note(name, key, deviations, theirs, ours):
        worst[name] = max(worst.get(name, 0.0), abs(deviations))
        wrong.setdefault(name, [])
        if not abs(deviations) <= DEVIATIONS:
            wrong[name].append((key, theirs, ours))

    for mu, k, threshold, theirs, *chances in held:
        key, (gain, loss) = (f"{mu:.6f} a month,", f"dispersion {k:.4f}:"), steps(mu, ratio, k)
        exact, lower = run_length(mu, ratio, k, threshold), run_length(mu, ratio, k, threshold * 0.99)
        note("average_run_length", key, (theirs / exact - 1) / doubt * DEVIATIONS, theirs, exact)
        # Run lengths jump with thresholds, so that one may be long; but not where a lower threshold were enough.
        note("threshold", key, max(lower / wanted - 1, 1 - exact / wanted, 0) / doubt * DEVIATIONS, threshold,
             f"run lengths of {lower:.0f} a hundredth lower and {exact:.0f}")
        if theirs < wanted or threshold <= gain - loss:
            outcome.fail(f"threshold: {threshold}, {theirs} months, of the {wanted} wanted; a case adds {gain - loss}")
        for name, true, drawn in zip(DESIGN[4:], (ratio * mu, mu), chances):
            p, hits = chance(mu, true, ratio, k, threshold, rules["change_months"]), drawn * rules["chance_series"]
            sums[DESIGN[4:].index(name)] += drawn, p
            draws = binom(rules["chance_series"], p)
            tail = max(min(draws.cdf(round(hits)), draws.sf(round(hits) - 1)), 1e-300)
            note(name, key, norm.isf(tail) if abs(hits - round(hits)) < 1e-6 else np.inf, drawn, p)
    for name, (theirs, ours) in zip(DESIGN[4:], sums):
        print(f"signal_change.{name}: over all designs {theirs:.4f} in the lake, {ours:.4f} here")
    for name, found in wrong.items():
        outcome.column(f"{name} (drawn, in deviations)", len(held), worst[name], found)
    if len(held) < LEAST_DESIGNS:
        outcome.fail("threshold: too few designs to show anything")
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
