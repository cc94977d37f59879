"""The tables `risk` and `risk_contribution`, worked out from what was examined.

Ranks come from random draws. Ours are other draws than the program's, so that they are held to within what chance
explains: nothing here says that its generator is right, but that it draws what docs/methods.md says.
"""

import tomllib
from pathlib import Path

import numpy as np

import signals
from lake import TINY, Outcome, floats, objects

WEIGHTS = Path(__file__).parents[2] / "crates/insight/risk.toml"
LEAST_RELIABILITY, LEAST_COVERAGE, TOGETHER, LEAST_PAIRS, CUT = 0.3, 0.6, 0.8, 20, 3.0
# Of some two thousand drawn values less than one in a hundred lakes would have one so far off by chance.
DEVIATIONS = 4.5
EXACT = "score coverage indicators rank_of score_low score_high max_concern z_score".split()


class Risk:
    """`contributions` and `table` are keys and columns; `draw` adds what is drawn."""

    def __init__(self, examined):
        self.e = examined
        with open(WEIGHTS, "rb") as file:
            self.rules = tomllib.load(file)
        self.domains = [d["id"] for d in self.rules["domains"]]
        shares = np.array([d["weight"] for d in self.rules["domains"]], float)
        self.shares = shares / shares.sum()
        with np.errstate(all="ignore"):
            self.beliefs()
            self.alike()
            self.score()

    def domain_of(self, criterion):
        """The place of the first domain that fits, or None."""
        return next((i for i, d in enumerate(self.rules["domains"])
                     if criterion and criterion.startswith(tuple(d["criteria"]))), None)

    def beliefs(self):
        """Distance towards the worse end and its deviation: a row an authority, a column an indicator."""
        e = self.e
        criteria = e.told("criterion_id")
        self.codes = [c for c in sorted(set(e.code)) if c not in TINY]
        place = {c: i for i, c in enumerate(self.codes)}
        self.names, self.domain, distances, spreads = [], [], [], []
        for name in sorted(set(e.indicator)):
            rows = np.flatnonzero((e.indicator == name) & ~np.isin(e.code, TINY))
            domain = self.domain_of(criteria[rows[0]]) if len(rows) else None
            if domain is None or e.valued[rows[0]] or np.isnan(e.worse[rows[0]]):
                continue
            if not e.reliability[rows[0]] >= LEAST_RELIABILITY:
                continue
            counted = e.spread[name, e.period[rows[0]]]["counted"]
            effects = signals.dersimonian_laird(e.found.y[counted], e.found.s[counted] ** 2)
            tau2 = effects["tau2"]
            if not tau2 > 0:
                continue  # No distance can be taken in terms of a tau of 0.
            y, s2 = e.found.y[e.rows[rows]], e.found.s[e.rows[rows]] ** 2
            share = tau2 / (tau2 + s2)
            distance, spread = np.full((2, len(self.codes)), np.nan)
            at = [place[c] for c in e.code[rows]]
            distance[at] = share * (y - effects["mu"]) / np.sqrt(tau2) * e.worse[rows]
            spread[at] = np.sqrt((share * s2 + (1 - share) ** 2 * effects["se_mu"] ** 2) / tau2)
            self.names.append(name)
            self.domain.append(domain)
            distances.append(distance)
            spreads.append(spread)
        self.domain = np.array(self.domain, int)
        self.distance = np.array(distances).T.reshape(len(self.codes), len(self.names))
        self.spread = np.array(spreads).T.reshape(self.distance.shape)
        self.concern = np.clip(self.distance, -CUT, CUT)
        self.held = ~np.isnan(self.distance)

    def alike(self):
        """Correlations of the uncut distances, and which indicators of a domain are joined by a chain of |r| > 0.8."""
        size = len(self.names)
        self.r, self.group = np.eye(size), np.arange(size)
        for a in range(size):
            for b in range(a):
                both = self.held[:, a] & self.held[:, b]
                if both.sum() >= LEAST_PAIRS:
                    r = np.corrcoef(self.distance[both, a], self.distance[both, b])[0, 1]
                    self.r[a, b] = self.r[b, a] = 0.0 if np.isnan(r) else r
                if self.domain[a] == self.domain[b] and abs(self.r[a, b]) > TOGETHER:
                    self.group[self.group == self.group[a]] = self.group[b]

    def weights(self, held):
        """Of the held ones: the share of their domains, by groups within each, by indicators within each group."""
        out = np.zeros(len(self.names))
        domains = set(self.domain[held])
        for d in domains:
            inside = held & (self.domain == d)
            groups = self.group[inside]
            size = np.array([(groups == g).sum() for g in groups])
            out[inside] = self.shares[d] / self.shares[list(domains)].sum() / len(set(groups)) / size
        return out

    def score(self):
        self.whole = self.weights(np.ones(len(self.names), bool))
        self.coverage = self.held @ self.whole
        self.weight = np.array([self.weights(h) for h in self.held])
        self.scored = np.flatnonzero(self.coverage >= LEAST_COVERAGE)
        self.total = np.nansum(self.weight * self.concern, 1)

    def contributions(self):
        cells = [(a, j) for a in self.scored for j in np.flatnonzero(self.held[a])]
        a, j = np.array(cells, int).reshape(-1, 2).T
        columns = {"domain": np.array([self.domains[d] for d in self.domain[j]] + [None], object)[:-1],
                   "concern": self.concern[a, j], "weight": self.weight[a, j],
                   "contribution": self.weight[a, j] * self.concern[a, j]}
        return [(self.codes[x], self.names[y]) for x, y in cells], columns

    def table(self):
        """Keys and columns that need no draw; of each authority that was examined a row, and of its domains."""
        rows = []
        for code in sorted(set(self.e.code)):
            if code in TINY:
                rows.append({"key": (code, "all"), "coverage": 0.0, "indicators": 0})
                continue
            a = self.codes.index(code)
            rows.append({"key": (code, "all"), "coverage": self.coverage[a], "indicators": self.held[a].sum()})
            if a in self.scored:
                rows[-1] |= self.of_all(a)
                rows += [self.of_domain(a, d) for d in sorted(set(self.domain[self.held[a]]))]
        columns = {name: np.array([r.get(name, np.nan) for r in rows], float) for name in EXACT}
        columns["max_concern_indicator"] = np.array([r.get("max_concern_indicator") for r in rows] + [None],
                                                    object)[:-1]
        columns["weights_edition"] = np.full(len(rows), self.rules["edition"], object)
        return [r["key"] for r in rows], columns

    def of_all(self, a):
        w, held = self.weight[a], np.flatnonzero(self.held[a])
        without = [self.weights(self.held[a] & (np.arange(len(w)) != j)) @ np.nan_to_num(self.concern[a])
                   for j in held if len(held) > 1]
        worst = held[np.argmax(self.concern[a, held])]  # of several the first by its name
        return {"score": self.total[a], "rank_of": len(self.scored), "score_low": min(without, default=np.nan),
                "score_high": max(without, default=np.nan), "max_concern": self.concern[a, worst],
                "max_concern_indicator": self.names[worst], "z_score": self.total[a] / np.sqrt(w @ self.r @ w)}

    def of_domain(self, a, d):
        inside = self.domain == d
        held = inside & self.held[a]
        w = self.weight[a, held]
        return {"key": (self.codes[a], self.domains[d]), "score": w @ self.concern[a, held] / w.sum(),
                "coverage": self.whole[held].sum() / self.whole[inside].sum(), "indicators": held.sum(),
                "rank_of": sum((self.held[b] & inside).any() for b in self.scored)}

    # --- What is drawn ---

    def draw(self, draws, seed):
        """Ranks of the scored authorities by domain and in all: an array of draws by those that have a rank."""
        rng = np.random.default_rng(seed)
        parts = np.zeros((len(self.domains), draws, len(self.scored)))
        for d in range(len(self.domains)):
            error = rng.standard_normal((draws, len(self.scored)))  # one for all figures of a domain
            for j in np.flatnonzero(self.domain == d):
                drawn = np.clip(self.distance[self.scored, j] + self.spread[self.scored, j] * error, -CUT, CUT)
                parts[d] += np.nan_to_num(drawn) * self.weight[self.scored, j]
        share = np.array([self.weight[self.scored][:, self.domain == d].sum(1) for d in range(len(self.domains))])
        out = {("all", "rank"): (self.scored, ranks(parts.sum(0)))}
        for d, name in enumerate(self.domains):
            there = share[d] > 0
            out[name, "rank"] = self.scored[there], ranks(parts[d][:, there] / share[d, there])
        means = np.array([np.nansum((self.weight * self.concern)[:, self.domain == d], 1)[self.scored]
                          for d in range(len(self.domains))])
        means = np.where(share > 0, means / np.where(share > 0, share, 1), 0.0)
        weights = rng.dirichlet(self.shares * len(self.shares), draws)
        out["all", "weight_rank"] = self.scored, ranks(weights @ means / (weights @ (share > 0)))
        return out


def ranks(scores):
    """1 of least concern, in each draw."""
    return 1 + np.argsort(np.argsort(scores, axis=1), axis=1)


def ends(drawn):
    """The least and the greatest rank of the middle 95 per cent."""
    return (np.quantile(drawn, q, axis=0, method="inverted_cdf") for q in (0.025, 0.975))


def hold_drawn(risk, table, least_values, draws, seed=1):
    """Ranks, shares in the worst tenth and the first group, each within what both sides' draws explain."""
    outcome = Outcome("risk", least_values)
    place = {k: i for i, k in enumerate(zip(objects(table.column("authority_code")), objects(table.column("domain"))))}
    theirs = {"rank": risk.rules["rank_draws"], "weight_rank": risk.rules["weight_draws"]}
    columns = {n: floats(table.column(n))[0] for n in
               "rank_low rank_high in_worst_tenth weight_rank_low weight_rank_high".split() if n in table.column_names}
    wrong, compared, ranked = {n: [] for n in columns}, {n: 0 for n in columns}, {n: set() for n in columns}
    every = risk.draw(draws, seed)
    for (domain, kind), (who, drawn) in every.items():
        bound = DEVIATIONS * np.sqrt(1 / theirs[kind] + 1 / draws)
        worst = drawn > drawn.shape[1] - drawn.shape[1] // 10
        low, high = ends(drawn)
        for k, a in enumerate(who):
            key = risk.codes[a], domain
            tests = {kind + "_low": (low[k], lambda v: at_end(drawn[:, k], v, 0.025, bound)),
                     kind + "_high": (high[k], lambda v: at_end(drawn[:, k], v, 0.975, bound))}
            if kind == "rank":
                p = worst[:, k].mean()
                # A share that was never seen may still be a small one: hence the least of 1 in 1,000.
                tests["in_worst_tenth"] = p, lambda v: abs(v - p) <= bound * np.sqrt(max(p * (1 - p), 0.001)) + 1e-9
            for name, (here, fits) in tests.items():
                if name not in columns or key not in place:
                    continue
                value = columns[name][place[key]]
                ranked[name].add(key)
                compared[name] += not np.isnan(value)
                if np.isnan(value) or not fits(value):
                    wrong[name].append((key, value, here))
    for name, values in columns.items():
        wrong[name] += [(k, values[i], None) for k, i in place.items() if k not in ranked[name]
                        and not np.isnan(values[i])]
        print(f"risk.{name}: {compared[name]} values, within what chance explains"
              + (f", {len(wrong[name])} DIFFER" if wrong[name] else ""))
        for key, found, here in wrong[name][:10]:
            print(f"    {' '.join(key)}: {found} in the lake, {here} here")
        outcome.good &= not wrong[name]
        if compared[name] < least_values:
            outcome.fail(f"{name}: fewer than {least_values} values compared, which shows nothing")
    if len(columns) < 5:
        outcome.fail("a column of ranks is not in the lake")
    return hold_groups(risk, table, place, outcome, every["all", "rank"])


def at_end(drawn, value, share, bound):
    """Whether a rank can be where `share` of the draws are at or below it, and fewer below."""
    bound = bound * np.sqrt(share * (1 - share))
    return (drawn <= value).mean() >= share - bound and (drawn < value).mean() <= share + bound


def hold_groups(risk, table, place, outcome, all_ranks):
    """The first group: so many, and nobody on the wrong side of its boundary by more than the draws explain."""
    who, drawn = all_ranks
    expected, size = drawn.mean(0), risk.rules["first_group"]
    error = DEVIATIONS * drawn.std(0) * np.sqrt(1 / risk.rules["rank_draws"] + 1 / len(drawn))
    ordered = np.sort(expected)[::-1]
    edge = ordered[size - 1:size + 1].mean() if len(ordered) > size else -np.inf
    groups = objects(table.column("review_group")) if "review_group" in table.column_names else [None] * len(place)
    wrong, first, near = [], 0, 0
    for k, a in enumerate(who):
        key = risk.codes[a], "all"
        found = groups[place[key]] if key in place else None
        first += found == "first-to-look-at"
        here = "first-to-look-at" if expected[k] > edge else "others"
        close = abs(expected[k] - edge) <= error[k]
        near += close
        if found != here and not (close and found in ("first-to-look-at", "others")):
            wrong.append((key, found, here))
    ours = {(risk.codes[a], "all") for a in who}
    wrong += [(k, groups[i], None) for k, i in place.items() if k not in ours and groups[i] is not None]
    outcome.column("review_group", len(who) - near, 0.0, wrong)
    print(f"risk.review_group: {near} authorities lie too near the boundary of the first group to be told apart")
    if first != min(size, len(who)):
        outcome.fail(f"review_group: {first} are first to look at, and {min(size, len(who))} should be")
    return outcome.good
