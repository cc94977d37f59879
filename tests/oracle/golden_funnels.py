"""The golden files of funnels: limits, labels and overdispersion."""

import numpy as np
from scipy.stats import chi2, norm

import formulas as f

LEVELS = (("2s", 0.975), ("3s", 0.999))


def label(low2, high2, low3, high3, value):
    """Where a value lies among two pairs of limits, in the words of PHEindicatormethods."""
    if value < low3:
        return "Low (0.001)"
    if value < low2:
        return "Low (0.025)"
    if value > high3:
        return "High (0.001)"
    return "High (0.025)" if value > high2 else "Not significant"


def score_limits(target, n, p):
    """Where the Wilson interval of a proportion just reaches the target: t -/+ z sqrt(t(1 - t)/n)."""
    half = norm.ppf(p) * np.sqrt(target * (1 - target) / n)
    return target - half, target + half


def proportion(tally, rows):
    for r in rows:
        found = []
        for name, p in LEVELS:
            limits = score_limits(r["average"], r["denominator"], p)
            tally.numbers(r["case_id"], name, limits, [r["lower" + name], r["upper" + name]])
            found += limits
        tally.same(r["case_id"], "significance", label(*found, r["numerator"] / r["denominator"]), r["significance"])


def proportion_limits(tally, rows):
    for r in rows:
        for name, p in LEVELS:
            limits = 100 * np.clip(score_limits(r["baseline_pct"] / 100, r["population"], p), 0, 1)
            tally.numbers(r["case_id"], name, limits, [r[f"lower{name}_pct"], r[f"upper{name}_pct"]], absolute=2e-6)


def around(observed, reference):
    """The label of an average against the interval of a count, seen from the count."""
    low2, high2 = f.count_interval(observed, 0.95)
    low3, high3 = f.count_interval(observed, 0.998)
    if reference > high3:
        return "Low (0.001)"
    if reference > high2:
        return "Low (0.025)"
    if reference < low3:
        return "High (0.001)"
    return "High (0.025)" if reference < low2 else "Not significant"


def ratio_significance(tally, rows):
    for r in rows:
        tally.same(r["case_id"], "significance", around(r["observed"], r["expected"]), r["significance"])


def expected_at_limits(observed, p):
    """The expected count at which an observed one would just sit on each limit."""
    return chi2.ppf(p, 2 * (observed + 1)) / 2, chi2.ppf(1 - p, 2 * observed) / 2


def tolerance(name):
    """The package bisects to 1e-7, which tells most in the far limits."""
    return 1e-4 if name == "2s" else 5e-4


def ratio_limits(tally, rows):
    for r in rows:
        for name, p in LEVELS:
            for side, expected in zip(("lower", "upper"), expected_at_limits(r["observed"], p)):
                tally.numbers(r["case_id"], side + name, [expected, r["observed"] / expected],
                              [r[f"{side}{name}_exp"], r[f"{side}{name}_ratio"]], tolerance(name))


def rate_significance(tally, rows):
    for r in rows:
        if r["rate_type"] == "dsr" and r["count"] < 10:
            found = "Not applicable for events less than 10 for dsrs"
        else:
            found = around(r["count"], r["average"] / r["multiplier"] * r["denominator_derived"])
        tally.same(r["case_id"], "significance", found, r["significance"])


def rate_limits(tally, rows):
    for r in rows:
        base = r["baseline_per_100000"]
        for name, p in LEVELS:
            for side, expected in zip(("lower", "upper"), expected_at_limits(r["events"], p)):
                people = expected / base * 100_000 / r["years"]
                tally.numbers(r["case_id"], side + name, [people, r["events"] / expected * base],
                              [r[f"{side}{name}_pop_1yr"], r[side + name]], tolerance(name))


def exact_limits(tally, rows):
    for r in rows:
        size, target = r["n_or_E"], r["theta0"]
        found = f.exact_limit(r["family"], size, target, r["p"]) / size
        tally.number(r["case_id"], "limit", float(found), r["limit"])


def poisson_limits(tally, rows):
    for r in rows:
        expected = r["expected_count"]
        for name, p in (("95", 0.975), ("998", 0.999)):
            low, high = chi2.ppf(1 - p, 2 * expected) / 2, chi2.ppf(p, 2 * expected + 2) / 2
            tally.numbers(r["case_id"], name, [low / expected, high / expected],
                          [r["lower" + name], r["upper" + name]])


def denominators(i):
    """The SHMI rounds its expected counts to two decimals."""
    n = np.array(i["denominator"], float)
    return n.round(2) if i["data_type"] == "SR" and i["sr_method"] == "SHMI" and i["shmi_rounding"] else n


def scores(i):
    """y, its target and s of each data type of FunnelPlotR; ours are the last two of the three."""
    x, n = np.array(i["numerator"], float), denominators(i)
    if i["data_type"] == "PR":
        return f.transform("binomial", x, n, x.sum() / n.sum())
    if i["data_type"] == "RC":
        centre = np.log(x.sum() / n.sum())
        return np.log((x + 0.5) / (n + 0.5)), centre, np.sqrt(x / (x + 0.5) ** 2 + n / (n + 0.5) ** 2)
    if i["sr_method"] == "SHMI":
        return np.log(x / n), 0.0, 1 / np.sqrt(n)
    return f.transform("poisson", x, n, 1.0)


def trimmed(i, z):
    """SHMI drops whole tenths at both ends; all others are winsorised, as ours are."""
    if i["data_type"] == "SR" and i["sr_method"] == "SHMI":
        drop, place = int(i["trim_by"] * len(z)), np.argsort(np.argsort(z))
        return np.where((place < drop) | (place >= len(z) - drop), np.nan, z)
    return f.winsorise(z, i["trim_by"])


def overdispersion(tally, cases):
    for c in cases:
        i, e, case = c["input"], c["expected"], c["case_id"]
        y, centre, s = scores(i)
        z = (y - centre) / s
        tally.numbers(case, "y", y, e["y"])
        tally.numbers(case, "z", z, e["z"])
        if not i["draw_adjusted"]:
            continue
        cut = trimmed(i, z)
        tally.numbers(case, "z_trimmed", cut, e["z_trimmed"])
        kept = ~np.isnan(cut)
        phi, tau2 = f.phi_tau2(cut[kept], s[kept])
        tally.numbers(case, "phi", [phi, tau2], [e["phi"], e["tau2"]])
        limits(tally, c, centre, s, tau2)


def limits(tally, case, centre, s, tau2):
    """Our adjusted limits, where the package's are right (see the notes of the file)."""
    i, n = case["input"], np.array(case["input"]["denominator"], float)
    wanted = case.get("corrected_limits")
    target = sum(i["numerator"]) / sum(i["denominator"]) if i["data_type"] == "PR" else 1.0
    family = "binomial" if i["data_type"] == "PR" else "poisson"
    if family == "binomial":
        e = case["expected"]
        wanted = {k: e["od" + k[5:] + "_" + k[:5]] for k in ("lower95", "upper95", "lower998", "upper998")}
    if not wanted:
        return
    for name, p in (("95", 0.025), ("998", 0.001)):
        for side, k in (("lower", norm.ppf(p)), ("upper", -norm.ppf(p))):
            found = i["multiplier"] * f.adjusted_limit(family, n, target, tau2, k)
            inside = possible(family, centre + k * np.sqrt(s * s + tau2))
            tally.numbers(case["case_id"], side + name, found[inside],
                          np.array(wanted[side + name], float)[inside], 1e-6)


def possible(family, place):
    return (place > 0) & (place < np.pi / 2) if family == "binomial" else place == place
