"""The tables `comparison` and `dispersion`, worked out from the figures."""

from datetime import date

import numpy as np
from scipy.stats import norm

import formulas as f
from lake import TINY, Figures, read

# The levels of docs/methods.md, steps 5 and 7, to all their digits.
NEAR, FAR = norm.ppf(0.975), norm.ppf(0.999)
FAMILY = {"proportion": "binomial", "rate": "poisson", "ratio": "poisson"}
VALUED = ("mean", "quantile")
LEAST_AREAS = 20
NUMBERS = """ci_low ci_high neighbour_mean neighbour_median neighbour_n neighbour_pooled neighbour_pooled_low
    neighbour_pooled_high z_neighbours rank rank_of rank_ties z z_adjusted limit_low_95 limit_high_95 limit_low_998
    limit_high_998 adjusted_low_95 adjusted_high_95 adjusted_low_998 adjusted_high_998""".split()
TEXTS = ("ci_method", "quartile_band", "label")


class Comparison:
    """Fills arrays of all rows step by step; `columns` and `dispersion` are the result."""

    def __init__(self, figures: Figures, neighbours):
        self.figures, self.size = figures, len(figures.code)
        self.near = neighbour_matrix(neighbours, figures.codes)
        self.columns = {name: np.full(self.size, np.nan) for name in NUMBERS}
        self.columns |= {name: np.full(self.size, None, object) for name in TEXTS}
        self.columns |= {"value": figures.value, "status": figures.status}
        self.target, self.tau2 = np.full(self.size, np.nan), np.full(self.size, np.nan)
        self.groups = list(figures.groups())
        self.dispersion = []
        with np.errstate(all="ignore"):
            self.work()

    def work(self):
        self.intervals()
        self.usable = self.figures.has & np.isin(self.figures.measure, list(FAMILY))
        self.usable |= ~np.isnan(self.figures.value) & np.isin(self.figures.measure, VALUED)
        for part in self.groups:
            self.ranks(part)
            self.aims(part)
        self.scores()
        for part in self.groups:
            self.spread(part)
            self.neighbours(part)
        self.adjust()
        self.labels()

    def rows_of(self, family):
        names = [m for m, kind in FAMILY.items() if kind == family]
        return self.figures.has & np.isin(self.figures.measure, names)

    def intervals(self):
        fig, c = self.figures, self.columns
        for family in ("binomial", "poisson"):
            rows = self.rows_of(family)
            low, high = interval(family, fig.x[rows], fig.n[rows])
            c["ci_low"][rows], c["ci_high"][rows] = fig.per[rows] * low, fig.per[rows] * high
            c["ci_method"][rows] = "wilson" if family == "binomial" else np.where(
                fig.x[rows] < 10, "poisson-exact", "byar")

    def ranks(self, part):
        fig, c = self.figures, self.columns
        polarity = fig.indicators[fig.indicator[part.start]]["polarity"]
        held = np.arange(part.start, part.stop)[~np.isnan(fig.value[part])]
        if polarity == "none":
            return
        c["rank_of"][part] = len(held)
        if not len(held):
            return
        values = fig.value[held]
        ranks = f.min_rank(values, polarity == "high-is-better")
        c["rank"][held] = ranks
        c["rank_ties"][held] = np.bincount(ranks)[ranks]
        c["quartile_band"][held] = f.lait_band(values, f.quartiles7(values), polarity)

    def aims(self, part):
        """The target of one indicator and period, and the row of `dispersion` begun."""
        fig = self.figures
        counted = np.arange(part.start, part.stop)[fig.counted(part, self.usable)]
        row = {"key": (fig.indicator[part.start], fig.period[part.start]), "counted": counted, "areas": len(counted)}
        row |= {"target": np.nan, "target_rule": None, "phi": np.nan, "tau2": np.nan, "reliability": np.nan}
        self.dispersion.append(row)
        if not len(counted):
            return
        if fig.measure[part.start] in VALUED:
            middle = np.median(fig.value[counted])
            if len(counted) < LEAST_AREAS or not np.median(np.abs(fig.value[counted] - middle)) > 0:
                return
            row["target"], row["target_rule"] = middle, "median"
        else:
            x, n = fig.x[counted], fig.n[counted]
            giant = n.max() > n.sum() / 10
            middle = np.median(x / n)
            # A median that no distance can be taken from gives way (step 1).
            giant &= 0 < middle and (middle < 1 or FAMILY[fig.measure[part.start]] == "poisson")
            row["target"] = middle if giant else x.sum() / n.sum()
            row["target_rule"] = "median" if giant else "pooled"
        self.target[part] = row["target"]

    def scores(self):
        """Naive z and the exact limits of all rows at once."""
        fig, c = self.figures, self.columns
        self.y, self.s = np.full(self.size, np.nan), np.full(self.size, np.nan)
        for family in ("binomial", "poisson"):
            rows = self.rows_of(family) & ~np.isnan(self.target)
            x, n, target, per = fig.x[rows], fig.n[rows], self.target[rows], fig.per[rows]
            z, self.y[rows], _, self.s[rows] = f.naive_z(family, x, n, target)
            c["z"][rows] = np.where(np.isfinite(z), z, np.nan)
            for name, p in (("low_95", .025), ("high_95", .975), ("low_998", .001), ("high_998", .999)):
                found = f.exact_limit(family, n, target, p) / n
                if family == "binomial":
                    # Full-time equivalents are no binomial count (step 5).
                    around = target + norm.ppf(p) * np.sqrt(target * (1 - target) / n)
                    found = np.where(n == np.floor(n), found, around)
                c["limit_" + name][rows] = per * np.clip(found, 0, 1 if family == "binomial" else None)

    def spread(self, part):
        """phi, tau2 and reliability; for means and quantiles the robust z."""
        fig, row = self.figures, self.dispersion[self.groups.index(part)]
        counted = row["counted"]
        if len(counted) < LEAST_AREAS or np.isnan(row["target"]):
            return
        if fig.measure[part.start] in VALUED:
            mad = np.median(np.abs(fig.value[counted] - row["target"]))
            if mad > 0:
                self.columns["z_adjusted"][part] = (fig.value[part] - row["target"]) / (1.4826 * mad)
            return
        z, s = self.columns["z"][counted], self.s[counted]
        if np.isnan(z).any():  # An endless z: the target is 0 or all, and not all figures are.
            return
        row["phi"], row["tau2"] = f.phi_tau2(f.winsorise(z), s)
        row["reliability"] = row["tau2"] / (row["tau2"] + np.median(s ** 2))
        self.tau2[part] = row["tau2"]

    def neighbours(self, part):
        """Means, medians and pooled figures of the neighbours of each authority in the group."""
        fig, c = self.figures, self.columns
        near = self.near[fig.area[part]]  # Row: authority; column: neighbour, the last area standing for none.
        values = self.spread_out(part, fig.value)[near]
        held = ~np.isnan(values)
        some, total = held.any(1), held.sum(1)
        rows = np.arange(part.start, part.stop)
        c["neighbour_n"][rows] = total
        c["neighbour_mean"][rows[some]] = np.nanmean(values[some], 1)
        c["neighbour_median"][rows[some]] = np.nanmedian(values[some], 1)
        use = np.where(fig.has & ~np.isin(fig.code, TINY), 1.0, np.nan)
        other = np.where(near == fig.area[part][:, None], np.nan, 1.0)  # never the authority itself
        x = self.spread_out(part, fig.x * use)[near] * other
        n = self.spread_out(part, fig.n * use)[near] * other
        pooled = (~np.isnan(n)).any(1)
        self.pool(rows[pooled], np.nansum(x[pooled], 1), np.nansum(n[pooled], 1), np.nansum(n[pooled] ** 2, 1))

    def spread_out(self, part, values):
        """Values of a group by area, with nan for areas that have no row and for the place of no neighbour."""
        out = np.full(len(self.figures.codes) + 1, np.nan)
        out[self.figures.area[part]] = values[part]
        return out

    def pool(self, rows, x, n, squares):
        """The pooled figure with its interval, and z_neighbours."""
        if not len(rows):
            return
        fig, c = self.figures, self.columns
        per, family = fig.per[rows], FAMILY.get(fig.measure[rows[0]])
        if family is None:
            return
        c["neighbour_pooled"][rows] = per * x / n
        low, high = interval(family, x, n)
        c["neighbour_pooled_low"][rows], c["neighbour_pooled_high"][rows] = per * low, per * high
        y, _, s = f.transform(family, x, n, self.target[rows])
        tau2 = self.tau2[rows] * (1 + squares / n ** 2)
        c["z_neighbours"][rows] = (self.y[rows] - y) / np.sqrt(self.s[rows] ** 2 + s ** 2 + tau2)

    def adjust(self):
        """Adjusted z and limits, where there is a tau2."""
        fig, c = self.figures, self.columns
        for family in ("binomial", "poisson"):
            rows = self.rows_of(family) & ~np.isnan(self.tau2)
            tau2, n, target = self.tau2[rows], fig.n[rows], self.target[rows]
            # z s / sqrt(s^2 + tau2), with s left out of the bottom so that an endless s does no harm.
            c["z_adjusted"][rows] = c["z"][rows] / np.sqrt(1 + tau2 / self.s[rows] ** 2)
            for name, k in (("low_95", -NEAR), ("high_95", NEAR), ("low_998", -FAR), ("high_998", FAR)):
                c["adjusted_" + name][rows] = fig.per[rows] * f.adjusted_limit(family, n, target, tau2, k)

    def labels(self):
        fig, c = self.figures, self.columns
        valued = np.isin(fig.measure, VALUED)
        size = np.abs(np.where((np.isnan(self.tau2) | fig.held) & ~valued, c["z"], c["z_adjusted"]))
        told = ~np.isnan(size) & ~(fig.n < 5) & ~np.isin(fig.code, TINY)
        words = np.where(size < NEAR, "as expected", np.where((size <= FAR) | valued, "worth a question",
                                                              "clearly different"))
        c["label"][told] = words[told]


def interval(family, x, n):
    """95 per cent limits of x/n."""
    if family == "binomial":
        return f.wilson(x, n)
    low, high = f.count_interval(x)
    return low / n, high / n


def neighbour_matrix(neighbours, codes):
    """For each area the places of its neighbours, filled up with the place after the last, which holds nothing."""
    place = {c: i for i, c in enumerate(codes)}
    lists = [[place.get(c, len(codes)) for c in neighbours.get(code, [])] for code in codes]
    width = max([1] + [len(v) for v in lists])
    return np.array([v + [len(codes)] * (width - len(v)) for v in lists], int)


def neighbours_in_force(lake, day=date.max):
    """The set published last, not after the day: authority to its neighbours in their order."""
    rows = [r for r in read(lake, "neighbour").to_pylist() if r["published_on"] <= day]
    if not rows:
        return {}
    last = max((r["published_on"], r["set_id"]) for r in rows)[1]
    out = {}
    for r in sorted((r for r in rows if r["set_id"] == last), key=lambda r: r["rank"]):
        out.setdefault(r["authority_code"], []).append(r["neighbour_code"])
    return out


def dispersion_columns(rows):
    """Keys and columns of the table `dispersion`."""
    columns = {name: np.array([r[name] for r in rows], float)
               for name in ("areas", "target", "phi", "tau2", "reliability")}
    columns["target_rule"] = np.array([r["target_rule"] for r in rows] + [None], object)[:-1]
    return [r["key"] for r in rows], columns


def neighbour_sets(lake, day=date.max):
    """Every set published by the day, in order of its name: authority to its neighbours in their order."""
    sets = {}
    for r in sorted((r for r in read(lake, "neighbour").to_pylist() if r["published_on"] <= day),
                    key=lambda r: (r["set_id"], r["rank"])):
        sets.setdefault(r["set_id"], {}).setdefault(r["authority_code"], []).append(r["neighbour_code"])
    return list(sets.values())
