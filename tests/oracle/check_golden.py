"""Holds the oracle against the golden files: check_golden.py FOLDER.

Prints a line a file and exits 1 where a value differs, a file is missing or has no cases.
"""

import sys
from math import erfc
from pathlib import Path

import numpy as np

import formulas as f
import golden_charts as charts
import golden_funnels as funnels
import signals as s
from golden_tools import Tally, read_csv, read_json


def wilson(tally, rows):
    for r in rows:
        low, high = f.wilson(r["x"], r["n"], r["confidence"])
        tally.number(r["case_id"], "value", r["multiplier"] * r["x"] / r["n"], r["value"])
        tally.number(r["case_id"], "lower", float(r["multiplier"] * low), r["lower"])
        tally.number(r["case_id"], "upper", float(r["multiplier"] * high), r["upper"])


def clopper_pearson(tally, rows):
    for r in rows:
        low, high = f.clopper_pearson(r["x"], r["n"], r["confidence"])
        tally.number(r["case_id"], "lower", float(low), r["lower"])
        tally.number(r["case_id"], "upper", float(high), r["upper"])


def rates(tally, rows):
    for r in rows:
        found = f.rate(r["x"], r["n"], r["multiplier"], r["confidence"])
        tally.numbers(r["case_id"], "rate", found, [r["value"], r["lower"], r["upper"]])
        tally.same(r["case_id"], "method", "Exact" if r["x"] < 10 else "Byars", r["method"])


def counts(tally, rows):
    for r in rows:
        exact, approximate = f.poisson_exact(r["x"], r["confidence"]), f.byar(r["x"], r["confidence"])
        tally.numbers(r["case_id"], "exact", exact, [r["exact_lower"], r["exact_upper"]])
        low = float(approximate[0])
        # Byar's lower limit is no limit where it is below 0.
        tally.numbers(r["case_id"], "byar", [low if low >= 0 else None, approximate[1]],
                      [r["byar_lower"], r["byar_upper"]])


def dsr(tally, cases):
    for c in cases:
        i, e = c["input"], c["expected"]
        tolerance = 1e-8 if c["case_id"].startswith("dsr_phe") else None
        tally.number(c["case_id"], "total", sum(i["count"]), e["total_count"])
        for level, name in ((0.95, "95"), (0.998, "998")):
            found = f.dsr(i["count"], i["pop"], i["stdpop"], i["multiplier"], level)
            tally.same(c["case_id"], "suppressed", found is None, e["suppressed"])
            tally.numbers(c["case_id"], name, found or [None] * 3,
                          [e["value"], e["lower" + name], e["upper" + name]], tolerance)


def isr(tally, cases):
    for c in cases:
        i, e = c["input"], c["expected"]
        for level, name in ((0.95, "95"), (0.998, "998")):
            found = f.isr(i["count"], i["pop"], i["refcount"], i["refpop"], level)
            tally.numbers(c["case_id"], "counts", found[:2], [e["observed"], e["expected"]])
            crude = i.get("multiplier", 0) * sum(i["refcount"]) / sum(i["refpop"])
            for kind, scale in (("rate", crude), ("ratio", i.get("refvalue"))):
                if kind in e:
                    wanted = [e[kind], e[f"{kind}_lower{name}"], e[f"{kind}_upper{name}"]]
                    tally.numbers(c["case_id"], kind + name, [scale * v for v in found[2:]], wanted)
        tally.same(c["case_id"], "method", "Exact" if found[0] < 10 else "Byars", e["method"])


def means(tally, cases):
    for c in cases:
        e = c["expected"]
        for level, name in ((0.95, "95"), (0.998, "998")):
            found = f.mean_t(c["input"]["values"], level)
            tally.numbers(c["case_id"], "mean" + name, found,
                          [e["value"], e["stdev"], e["lower" + name], e["upper" + name]])


def bands(tally, cases):
    for c in cases:
        i = c["input"]
        tally.same(c["case_id"], "quantile", f.phe_band(i["values"], i["nquantiles"], i["invert"]),
                   c["expected"]["quantile"])


def trends(tally, cases):
    for c in cases:
        i, e = c["input"], c["expected"]
        if c["method"] == "proportion":
            x, n = np.array([i["numerator"]], float), np.array([i["denominator"]], float)
            found, slope = f.proportion_trend(x, n), e["logit_slope"]
            y = f.logits(x, n)
            weight = np.ones_like(y)
        else:
            value, low, high = (np.array([i[k]], float) for k in ("value", "lower95", "upper95"))
            found, slope = f.valued_trend(value, low, high), e["slope"]
            y, weight = value, 1 / ((high - low) / 3.92) ** 2
        statistic, _, found_slope, kept = (v[0] for v in found)
        tally.number(c["case_id"], "chi2", statistic, e["chi2"])
        tally.number(c["case_id"], "slope", found_slope, slope)
        tally.numbers(c["case_id"], "without", f.slopes_without_each(y, weight)[0], e["leave_one_out_slopes"])
        tally.same(c["case_id"], "trend", f.marker(statistic, found_slope, kept).replace("-", "_"), e["trend"])


def marshall(tally, cases):
    for c in cases:
        i, e = c["input"], c["expected"]
        a, b, raw, estimate = s.marshall(i["events"], i["pop"], i["family"])
        tally.numbers(c["case_id"], "moments", [a, b], [e["a"], e["b"]])
        tally.numbers(c["case_id"], "raw", raw, e["raw"])
        tally.numbers(c["case_id"], "estimate", estimate, e["estimate"])


def random_effects(tally, cases):
    for c in cases:
        found = s.dersimonian_laird(c["input"]["y"], c["input"]["v"])
        for name in ("Q", "tau2", "I2", "mu", "se_mu"):
            tally.number(c["case_id"], name, float(found[name]), c["expected"][name])
        tally.numbers(c["case_id"], "blup", found["blup"], c["expected"]["blup"])


def many_tests(tally, cases):
    for c in cases:
        for method in ("bh", "by", "holm", "bonferroni"):
            tally.numbers(c["case_id"], method, s.adjust_p(c["input"]["p"], method), c["expected"][method])


def ranking(tally, cases):
    for c in cases:
        y, p, e = c["input"]["y"], c["input"]["p"], c["expected"]
        tally.numbers(c["case_id"], "auc", s.auc_delong(y, p), [
            e["auc"], e["auc_var_delong"], e["auc_delong_lower"], e["auc_delong_upper"]])
        tally.numbers(c["case_id"], "scores", [s.brier(y, p), s.log_loss(y, p), sum(y) / len(y)],
                      [e["brier"], e["logloss"], e["base_rate"]])
        tally.numbers(c["case_id"], "calibration", s.calibration(y, p), [e["cal_intercept"], e["cal_slope"]], 1e-5)
        tally.numbers(c["case_id"], "precision", [s.precision_at(y, p, k) for k in c["input"]["k"]],
                      e["precision_at_k"])


def neighbours(tally, cases):
    for c in cases:
        i, e = c["input"], c["expected"]
        order, distance = s.nearest(i["matrix"], i["weights"], i["k"])
        for row, (near, far) in enumerate(zip(e["neighbours_0based"], e["distances"])):
            tally.same(c["case_id"], f"neighbours {row}", order[row].tolist(), near)
            tally.numbers(c["case_id"], f"distances {row}", distance[row], far)


def published(tally, _):
    """Worked examples for what has no golden file, from the sources named."""
    # Bands that LAIT's own code gave (April 2026), most of them on or beside an edge.
    for quartiles, polarity, values, wanted in (
            ((0, 20, 24.3, 27.6, 44.1), "low-is-better", (21.9, 25.9, 28.2), "BCD"),
            ((0, 0, 2.9, 4.55, 11.7), "low-is-better", (0, 1.9), "AB"),
            ((0, 8, 10, 12, 18), "low-is-better", (9, 10, 14), "BBD"),
            ((45, 87, 91, 93, 99), "high-is-better", (85, 86, 93, 96), "DDBA")):
        tally.same("lait band", str(quartiles), "".join(f.lait_band(values, quartiles, polarity)), wanted)
    # Newcombe (1998), Statistics in Medicine 17: 873-890, table II, method 10, contrasts (a) and (h), four decimals.
    for counts_, wanted in (((56, 70, 48, 80), (0.0524, 0.3339)), ((10, 10, 0, 10), (0.6075, 1.0))):
        tally.numbers("newcombe", str(counts_), f.newcombe(*counts_)[1:], wanted, absolute=5e-5)
    # R's own example of poisson.test with two samples (breast cancer after fluoroscopy), seven decimals.
    tally.numbers("rate ratio", "exact", f.rate_ratio_exact(11, 800, 21, 3011), (1.971488, 0.8584264, 4.2772659),
                  absolute=5e-7)
    half = 1.959963984540054 * (1 / 100 + 1 / 400) ** 0.5
    tally.numbers("rate ratio", "log", f.rate_ratio(100, 1000, 400, 2000),
                  [0.5, 0.5 * np.exp(-half), 0.5 * np.exp(half)])
    # With a and b of 1 and no event in one unit the posterior is exponential with mean 1/2.
    tally.numbers("gamma-poisson", "exponential", s.gamma_poisson(0, 1, 1, 1),
                  [0.5, -np.log(0.975) / 2, -np.log(0.025) / 2])
    tally.number("gamma-poisson", "above", s.gamma_poisson_above(0, 1, 1, 1, 1.5), float(np.exp(-3)))
    # Twelve rising values: S = 66, variance 12 * 11 * 29 / 18, no residual, slope 1.
    slope, p = f.mann_kendall(np.arange(12.0))
    tally.numbers("mann-kendall", "rising", [slope, p], [1.0, erfc(65 / (2 * 638 / 3) ** 0.5)], absolute=1e-14)


# File, how many cases it holds, and what holds the oracle against it.
FILES = [
    ("proportion_wilson.csv", 112, wilson), ("proportion_clopper_pearson.csv", 69, clopper_pearson),
    ("rate_byar_exact.csv", 95, rates), ("poisson_count_intervals.csv", 42, counts), ("dsr.json", 14, dsr),
    ("isr.json", 16, isr), ("means.json", 7, means), ("quantile_bands.json", 26, bands),
    ("recent_trend.json", 22, trends), ("funnel_proportion.csv", 272, funnels.proportion),
    ("funnel_proportion_limits.csv", 100, funnels.proportion_limits),
    ("funnel_ratio_significance.csv", 150, funnels.ratio_significance),
    ("funnel_ratio_limits.csv", 50, funnels.ratio_limits),
    ("funnel_rate_significance.csv", 180, funnels.rate_significance),
    ("funnel_rate_limits.csv", 150, funnels.rate_limits), ("funnel_exact_limits.csv", 178, funnels.exact_limits),
    ("funnel_poisson_limits_funnelplotr.csv", 9, funnels.poisson_limits),
    ("funnel_overdispersion.json", 10, funnels.overdispersion), ("spc_xmr.json", 25, charts.xmr),
    ("eb_marshall.json", 7, marshall), ("eb_normal_dl.json", 5, random_effects), ("fdr.json", 4, many_tests),
    ("ranking_metrics.json", 6, ranking), ("cusum_poisson.json", 4, charts.cusum), ("ewma.json", 4, charts.ewma),
    ("stat_neighbours.json", 3, neighbours),
]


def check(folder, name, cases, function):
    """One file: the line printed says how many values were compared; False where anything is amiss."""
    path, tally = Path(folder) / name, Tally()
    if not path.exists():
        print(f"{name}: missing")
        return False
    held = read_csv(path) if path.suffix == ".csv" else read_json(path)
    with np.errstate(all="ignore"):
        function(tally, held)
    return report(name, tally, len(held), cases)


def report(name, tally, held, cases):
    # A shorter file would compare less without anyone noticing.
    good = not tally.failed and tally.compared > 0 and held >= cases
    print(f"{name}: {held} cases, {tally.compared} values, greatest difference {tally.worst:.1e}"
          + ("" if good else f", {len(tally.failed)} DIFFER (at least {cases} cases expected)"))
    for case, what, found, expected in tally.failed[:10]:
        print(f"    {case} {what}: {found} for {expected}")
    return good


def main(folder):
    good = [check(folder, *entry) for entry in FILES]
    tally = Tally()
    published(tally, None)
    good.append(report("worked examples", tally, 1, 1))
    return 0 if all(good) else 1


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: check_golden.py FOLDER")
    sys.exit(main(sys.argv[1]))
