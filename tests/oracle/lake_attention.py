"""The tables `examined` and `attention`, worked out from the comparison: what stands out, and what it survives."""

import tomllib
from pathlib import Path

import numpy as np
from scipy.stats import norm

import formulas as f
import signals
from lake import TINY, read
from lake_comparison import FAMILY, FAR, VALUED
from lake_trend import month

SENTENCES = Path(__file__).parents[2] / "crates/insight/sentences.toml"
# The words of a unit after a figure. docs/methods.md does not give them; they are those of the published sentences.
WORDS = {"percent": "%", "rate-per-10000": " per 10,000", "days": " days", "cases-per-worker": " cases a worker"}
OF_INDICATOR = "title unit decimals measure multiplier polarity standard criterion_id".split()


class Examined:
    """The rows that are looked at: `rows` are places in the figures, all other arrays go along with them."""

    def __init__(self, lake, figures, found):
        self.figures, self.found = figures, found
        self.indicators = {r["indicator_id"]: r for r in read(
            lake, "indicator", ["indicator_id", "curated"] + OF_INDICATOR).to_pylist()}
        ends = {r["authority_code"]: r["valid_to"] for r in read(
            lake, "authority", ["authority_code", "valid_to"]).to_pylist()}
        last = {}
        for i in np.flatnonzero(~np.isnan(figures.value)):
            last[figures.indicator[i]] = max(figures.period[i], last.get(figures.indicator[i], figures.period[i]))
        self.rows = np.array([i for i, (name, code, day) in enumerate(
            zip(figures.indicator, figures.code, figures.period))
            if day == last.get(name) and self.indicators[name]["curated"] and code in ends
            and (ends[code] is None or ends[code] >= day)], int)
        self.spread = {row["key"]: row for row in found.dispersion}
        self.indicator, self.code, self.period = (a[self.rows] for a in (
            figures.indicator, figures.code, figures.period))
        self.x, self.n, self.value, self.measure = (a[self.rows] for a in (
            figures.x, figures.n, figures.value, figures.measure))
        self.z, self.z_adjusted, self.label = (found.columns[c][self.rows] for c in ("z", "z_adjusted", "label"))
        self.polarity = self.told("polarity")
        self.reliability = self.of_spread("reliability")
        self.valued = np.isin(self.measure, VALUED)
        # Where there is no tau2 the label is by z itself (step 7), and so is all that follows from it.
        self.held = figures.held[self.rows]
        self.distance = np.where((np.isnan(self.of_spread("tau2")) | self.held) & ~self.valued, self.z,
                                 self.z_adjusted)
        self.worse = np.select([self.polarity == "low-is-better", self.polarity == "high-is-better"], [1.0, -1.0],
                               np.nan)
        self.z_before, self.z_two_before = self.earlier()

    def told(self, name):
        out = np.empty(len(self.rows), object)
        out[:] = [self.indicators[i][name] for i in self.indicator]
        return out

    def of_spread(self, name):
        return np.array([self.spread[key][name] for key in zip(self.indicator, self.period)], float)

    def earlier(self):
        """The adjusted z twelve and twenty-four months before; z where there is a standard."""
        fig, columns = self.figures, self.found.columns
        held_to = fig.held & ~np.isin(fig.measure, VALUED)
        held = {(n, c, month(d)): z for n, c, d, z in zip(fig.indicator, fig.code, fig.period, np.where(
            held_to, columns["z"], columns["z_adjusted"]))}
        return (np.array([held.get((n, c, month(d) - back), np.nan) for n, c, d in
                          zip(self.indicator, self.code, self.period)]) for back in (12, 24))

    def target(self):
        """In the published unit."""
        return self.found.target[self.rows] * np.where(self.valued, 1.0, self.figures.per[self.rows])

    def columns(self):
        c = {name: self.told(name) for name in OF_INDICATOR if name not in ("decimals", "multiplier")}
        c |= {name: self.told(name).astype(float) for name in ("decimals", "multiplier")}
        c |= {"value": self.value, "numerator": self.x, "denominator": self.n, "target": self.target(),
              "target_fraction": self.of_spread("target"), "tau2": self.of_spread("tau2"),
              "reliability": self.reliability, "z": self.z, "z_adjusted": self.z_adjusted,
              "z_before": self.z_before, "z_two_before": self.z_two_before,
              "quartile_band": self.found.columns["quartile_band"][self.rows], "label": self.label}
        return c | {"period_end": self.period}

    def keys(self):
        return list(zip(self.indicator, self.code))

    def test_of(self):
        """For each row the first row of the same test: a shared service's figure is one."""
        first, fig = {}, self.figures
        return np.array([first.setdefault((fig.indicator[i], fig.source[i], fig.line[i]) if fig.shared[i] else i, k)
                         for k, i in enumerate(self.rows)], int)


class Attention:
    """`columns` of the table `attention`. `sets` are matrices of neighbours, one a published set."""

    def __init__(self, lake, examined, sets):
        self.e, self.sets = examined, sets
        with open(SENTENCES, "rb") as file:
            master = tomllib.load(file)
        self.limits, self.sentences = master["thresholds"], master["sentences"]
        self.size = len(examined.rows)
        self.columns = {"period_end": examined.period,
                        "sentence_edition": np.full(self.size, master["edition"], object)}
        with np.errstate(all="ignore"):
            self.directions()
            self.tests()
            self.survivals()
        self.say(lake)

    def directions(self):
        e = self.e
        worse = e.distance * e.worse
        self.columns["direction"] = np.select(
            [worse > 0, worse < 0, np.isnan(e.worse) & (e.distance > 0), np.isnan(e.worse) & (e.distance < 0)],
            ["worse", "better", "higher", "lower"], "none").astype(object)

    def tests(self):
        e, c = self.e, self.columns
        judged = np.array([v is not None for v in e.label])
        self.tested = judged & ~np.isnan(e.worse) & ~e.valued
        self.p = np.where(self.tested, norm.sf(e.distance * e.worse), np.nan)
        first = e.test_of()
        self.one = self.tested & (first == np.arange(self.size))
        q = self.q_of(self.p)
        self.first = first
        c["p_value"], c["q_value"] = self.p, np.where(self.tested, q[first], np.nan)
        self.listed = c["q_value"] <= self.limits["false_discovery_rate"]
        c["listed"] = self.listed.astype(float)
        c["family"] = np.where(e.held, "standards", "differences").astype(object)
        for name in ("tests", "tests_listed", "expected_by_chance", "beyond_better"):
            c[name] = np.zeros(self.size)
        for family in (e.held, ~e.held):
            one = self.one & family
            for name, value in (("tests", one.sum()), ("tests_listed", (self.listed & one).sum()),
                                ("expected_by_chance", one.sum() * self.limits["chance"]),
                                ("beyond_better", (one & (-e.distance * e.worse > FAR)).sum())):
                c[name][family] = value

    def q_of(self, p):
        """Benjamini and Hochberg over the tests of either family; nan elsewhere."""
        out = np.full(self.size, np.nan)
        for family in (self.e.held, ~self.e.held):
            one = self.one & family
            out[one] = signals.adjust_p(p[one].tolist(), "bh")
        return out

    def survivals(self):
        for name, test in (("quartile_rule", self.in_worst_quarter), ("neighbour_set", self.by_each_set),
                           ("one_child", self.with_one_child), ("leave_one_year_out", self.without_a_year)):
            column = np.full(self.size, np.nan)
            for k in np.flatnonzero(self.listed):
                found = test(k)
                column[k] = np.nan if found is None else float(found)
            self.columns["survives_" + name] = column

    def in_worst_quarter(self, k):
        e, fig = self.e, self.e.figures
        band = e.found.columns["quartile_band"][e.rows[k]]
        part = np.flatnonzero((fig.indicator == e.indicator[k]) & (fig.period == e.period[k]))
        # Bands are counted from the best end: the worst quarter is 4.
        bands = f.phe_band(fig.value[part], 4, e.worse[k] < 0)
        found = bands[int(np.flatnonzero(part == e.rows[k])[0])]
        return None if band is None or found is None else band == "D" and found == 4

    def by_each_set(self, k):
        """None where there are not two sets to try it by."""
        found = [z * self.e.worse[k] for z in (self.z_by(near, k) for near in self.sets) if not np.isnan(z)]
        return min(found) >= self.limits["survives"] if len(found) >= 2 else None

    def z_by(self, near, k):
        """z_neighbours of one row by one set, as lake_comparison has it for the set in force."""
        e, fig, row = self.e, self.e.figures, self.e.rows[k]
        others = set(near[fig.area[row]]) - {fig.area[row]}
        held = [i for i in np.flatnonzero((fig.indicator == fig.indicator[row]) & (fig.period == fig.period[row]))
                if fig.area[i] in others and fig.has[i] and fig.code[i] not in TINY]
        if not held:
            return np.nan
        x, n = fig.x[held].sum(), fig.n[held].sum()
        # Where a standard is to be kept, chance alone is allowed for.
        target, tau2 = e.found.target[row], 0.0 if e.held[k] else e.found.tau2[row]
        y, _, s = f.transform(FAMILY[fig.measure[row]], x, n, target)
        wide = tau2 * (1 + (fig.n[held] ** 2).sum() / n ** 2)
        return (e.found.y[row] - y) / np.sqrt(e.found.s[row] ** 2 + s ** 2 + wide)

    def with_one_child(self, k):
        """Target and tau2 stay, and so do all other tests; the whole list is made again."""
        e, row = self.e, self.e.rows[k]
        x, n = e.x[k] - e.worse[k], e.n[k]
        if not float(e.x[k]).is_integer() or not float(n).is_integer():
            return None
        family = FAMILY[e.measure[k]]
        if x < 0 or (family == "binomial" and x > n):
            return None
        z, _, _, s = (np.asarray(v) for v in f.naive_z(family, np.array([x]), np.array([n]),
                                                       e.found.target[[row]]))
        tau2 = e.found.tau2[row]
        z = z[0] if np.isnan(tau2) or e.held[k] else z[0] / np.sqrt(1 + tau2 / s[0] ** 2)
        p = self.p.copy()
        p[self.first[k]] = norm.sf(z * e.worse[k])
        return self.q_of(p)[self.first[k]] <= self.limits["false_discovery_rate"]

    def without_a_year(self, k):
        e = self.e
        three = np.array([e.distance[k], e.z_before[k], e.z_two_before[k]]) * e.worse[k]
        if np.isnan(three).any():
            return None
        return ((three.sum() - three) / 2).min() >= self.limits["survives"]

    # --- Sentences ---

    def say(self, lake):
        e = self.e
        whys = {(r["indicator_id"], r["authority_code"], r["period_end"]): r["why"] for r in read(
            lake, "comparison", ["indicator_id", "authority_code", "period_end", "why"]).to_pylist()}
        target, units, decimals = e.target(), e.told("unit"), e.told("decimals")
        titles, standards = e.told("title"), e.told("standard")
        names, texts = np.full(self.size, None, object), np.full(self.size, None, object)
        with np.errstate(all="ignore"):
            tau2, s = e.found.tau2[e.rows], e.found.s[e.rows]
            own = np.where(e.valued, np.nan, tau2 / (tau2 + s ** 2))  # a figure's own reliability
        for k in range(self.size):
            facts = {"judged": e.label[k] is not None, "listed": bool(self.listed[k]), "label": e.label[k],
                     "standard": bool(e.held[k]), "side": self.columns["direction"][k], "sampling_error": not e.valued[k],
                     "none_or_all": e.x[k] == 0 or (e.measure[k] == "proportion" and e.x[k] == e.n[k]),
                     "mostly_chance": bool(e.reliability[k] < 0.3), "small": bool(own[k] < 0.3)}
            told = next(s for s in self.sentences if all(facts[c] == v for c, v in s["when"].items()))
            names[k] = told["id"]
            texts[k] = told["text"].format(
                title=titles[k], value=figure(e.value[k], units[k], decimals[k]), period=day(e.period[k]),
                target=figure(target[k], units[k], decimals[k]), tests=int(self.columns["tests"][k]),
                standard=standards[k],
                why=whys.get((e.indicator[k], e.code[k], e.period[k])))
        self.columns["sentence_id"], self.columns["sentence"] = names, texts


def figure(value, unit, decimals):
    return f"{value:.{int(decimals)}f}{WORDS.get(unit, '')}"


def day(date):
    return f"{date.day} {date:%B %Y}"
