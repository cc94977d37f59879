"""The statistics of LAIS a second time, from their definitions.

Written from docs/methods.md without sight of the program, so that a slip in one is not repeated in the other. The
distributions are scipy's. Most functions work element by element on arrays; series stand along the last axis.
What has to do with belief and signals (shrinkage, charts, forecasts) is in signals.py.
"""

import numpy as np
from scipy.stats import beta, binom, chi2, norm, poisson, t as student

TREND_LIMIT = 9.54953570608324  # chi-square on one degree of freedom that is exceeded with p = 0.002


def tails(confidence):
    """The two tail probabilities of a two-sided interval: a/2 and 1 - a/2."""
    return (1 - confidence) / 2, (1 + confidence) / 2


# --- Intervals ---------------------------------------------------------------------------------------------------

def wilson(x, n, confidence=0.95):
    """(2x + z^2 -/+ z sqrt(z^2 + 4x(1 - x/n))) / (2(n + z^2)), within 0 and 1."""
    x, n = np.asarray(x, float), np.asarray(n, float)
    z = norm.isf(tails(confidence)[0])
    half = z * np.sqrt(z * z + 4 * x * (1 - x / n))
    bottom = 2 * (n + z * z)
    # At none and at all the end is known exactly; the formula leaves rounding there.
    low = np.where(x == 0, 0.0, (2 * x + z * z - half) / bottom)
    return low, np.where(x == n, 1.0, (2 * x + z * z + half) / bottom)


def clopper_pearson(x, n, confidence=0.95):
    """Quantiles of Beta(x, n-x+1) and Beta(x+1, n-x)."""
    x, n = np.asarray(x, float), np.asarray(n, float)
    low_tail, high_tail = tails(confidence)
    low = np.where(x == 0, 0.0, beta.ppf(low_tail, np.maximum(x, 0.5), n - x + 1))
    return low, np.where(x == n, 1.0, beta.ppf(high_tail, x + 1, np.maximum(n - x, 0.5)))


def poisson_exact(x, confidence=0.95):
    """chi2inv(a/2, 2x)/2 (0 for no event) and chi2inv(1 - a/2, 2x + 2)/2."""
    x = np.asarray(x, float)
    low_tail, high_tail = tails(confidence)
    low = np.where(x == 0, 0.0, chi2.ppf(low_tail, 2 * np.where(x == 0, 1.0, x)) / 2)
    return low, chi2.ppf(high_tail, 2 * x + 2) / 2


def byar(x, confidence=0.95):
    """x(1 - 1/9x - z/3sqrt x)^3 and (x+1)(1 - 1/9(x+1) + z/3sqrt(x+1))^3; no lower limit at x = 0."""
    x = np.asarray(x, float)
    z = norm.isf(tails(confidence)[0])
    some = np.where(x > 0, x, np.nan)
    low = some * (1 - 1 / (9 * some) - z / (3 * np.sqrt(some))) ** 3
    return low, (x + 1) * (1 - 1 / (9 * (x + 1)) + z / (3 * np.sqrt(x + 1))) ** 3


def count_interval(x, confidence=0.95):
    """Of a count: exact below ten events, Byar's from there on."""
    few = np.asarray(x) < 10
    exact, approximate = poisson_exact(x, confidence), byar(x, confidence)
    return np.where(few, exact[0], approximate[0]), np.where(few, exact[1], approximate[1])


def rate(x, n, per=1.0, confidence=0.95):
    """per x/n with the limits of the count in place of x."""
    low, high = count_interval(x, confidence)
    return per * x / n, per * low / n, per * high / n


def dsr(counts, people, standard, per, confidence=0.95):
    """Directly standardised rate, Dobson and Byar: V + sqrt(Var/O)(Byar(O) - O); none below ten events."""
    counts, people, standard = (np.asarray(a, float) for a in (counts, people, standard))
    total = counts.sum()
    if total < 10:
        return None
    weight = standard / standard.sum()
    value = (weight * counts / people).sum()
    stretch = np.sqrt((weight ** 2 * counts / people ** 2).sum() / total)
    low, high = byar(total, confidence)
    return per * value, per * (value + stretch * (low - total)), per * (value + stretch * (high - total))


def isr(counts, people, reference_counts, reference_people, confidence=0.95):
    """Observed, expected = sum n_i R_i, and O/E with its limits."""
    counts, people = np.asarray(counts, float), np.asarray(people, float)
    expected = (people * np.asarray(reference_counts, float) / np.asarray(reference_people, float)).sum()
    observed = counts.sum()
    low, high = count_interval(observed, confidence)
    return observed, expected, observed / expected, low / expected, high / expected


def mean_t(values, confidence=0.95):
    """Mean, standard deviation (n - 1), and mean -/+ t(n - 1) s / sqrt n; a single value has no interval."""
    values = np.asarray(values, float)
    size, mean = len(values), values.mean()
    if size < 2:
        return mean, None, None, None
    spread = np.sqrt(((values - mean) ** 2).sum() / (size - 1))
    half = student.ppf(tails(confidence)[1], size - 1) * spread / np.sqrt(size)
    return mean, spread, mean - half, mean + half


def newcombe(x1, n1, x2, n2, confidence=0.95):
    """Difference of two proportions by Newcombe's hybrid of the two Wilson intervals."""
    p1, p2 = x1 / n1, x2 / n2
    (l1, u1), (l2, u2) = wilson(x1, n1, confidence), wilson(x2, n2, confidence)
    d = p1 - p2
    return d, d - np.hypot(p1 - l1, u2 - p2), d + np.hypot(u1 - p1, p2 - l2)


def rate_ratio(x1, n1, x2, n2, confidence=0.95):
    """(x1/n1)/(x2/n2): exact where either count is below ten, else by its logarithm with 1/x1 + 1/x2."""
    if x1 < 10 or x2 < 10:
        return rate_ratio_exact(x1, n1, x2, n2, confidence)
    ratio = (x1 / n1) / (x2 / n2)
    half = norm.isf(tails(confidence)[0]) * np.sqrt(1 / x1 + 1 / x2)
    return ratio, ratio * np.exp(-half), ratio * np.exp(half)


def rate_ratio_exact(x1, n1, x2, n2, confidence=0.95):
    """Given x1 + x2, x1 is binomial: the odds of its Clopper-Pearson limits, times n2/n1."""
    low, high = clopper_pearson(x1, x1 + x2, confidence)
    odds = [np.inf if p == 1 else p / (1 - p) for p in (low, high)]
    return np.inf if x2 == 0 else x1 * n2 / (x2 * n1), odds[0] * n2 / n1, odds[1] * n2 / n1


# --- Quantiles and bands -----------------------------------------------------------------------------------------

def quantile7(values, p):
    """Type 7: h = (n - 1)p, linear between order statistics; two equal neighbours are not interpolated."""
    ordered = np.sort(np.asarray(values, float))
    h = (len(ordered) - 1) * p
    below = int(np.floor(h))
    low, high = ordered[below], ordered[min(below + 1, len(ordered) - 1)]
    return low if low == high else low + (h - below) * (high - low)


def quartiles7(values):
    return [quantile7(values, p) for p in (0, 0.25, 0.5, 0.75, 1)]


def lait_band(values, quartiles, polarity):
    """Bands A to D on unrounded values, upper bounds inside; reversed where high is better."""
    letters = np.array(list("ABCD" if polarity == "low-is-better" else "DCBA"))
    return letters[np.searchsorted(quartiles[1:4], values, side="left")]


def min_rank(values, descending):
    """1 + how many are strictly better placed; ties share the least rank."""
    values = np.asarray(values, float)
    signed = -values if descending else values
    return 1 + np.searchsorted(np.sort(signed), signed, side="left")


def phe_band(values, bands, invert):
    """max(1, floor((q + 1) - ceil((N + 1 - rank)/(N/q)))); none where N < q."""
    values = np.array([np.nan if v is None else v for v in values], float)
    held = ~np.isnan(values)
    out = [None] * len(values)
    size = int(held.sum())
    if size < bands:
        return out
    ranks = min_rank(values[held], invert)
    found = np.maximum(1, np.floor((bands + 1) - np.ceil((size + 1 - ranks) / (size / bands))))
    for place, band in zip(np.flatnonzero(held), found):
        out[place] = int(band)
    return out


# --- Comparison with a target ------------------------------------------------------------------------------------
# `family` is "binomial" (proportions; n of the children, t the target) or "poisson" (rates and ratios; E = n t).

def exact_limit(family, size, target, p):
    """Spiegelhalter's interpolated quantile of the count, r - (F(r) - p)/f(r) with r the least of F(r) >= p."""
    law = binom(size, target) if family == "binomial" else poisson(size * target)
    r = law.ppf(p)
    return r - (law.cdf(r) - p) / law.pmf(r)


def transform(family, x, n, target):
    """Y, its target and s: asin sqrt(x/n) with 1/(2 sqrt n), or sqrt(x/E) with 1/(2 sqrt E)."""
    if family == "binomial":
        return np.arcsin(np.sqrt(x / n)), np.arcsin(np.sqrt(target)), 1 / (2 * np.sqrt(n))
    expected = n * target
    return np.sqrt(x / expected), 1.0, 1 / (2 * np.sqrt(expected))


def mid_p_z(family, x, n, target):
    """The normal quantile of F(x - 1) + f(x)/2, taken from the smaller tail, where digits are not lost."""
    law = binom(n, target) if family == "binomial" else poisson(n * target)
    half = law.pmf(x) / 2
    # No probability is smaller than the smallest number with all its digits.
    below, above = (np.maximum(tail + half, np.finfo(float).tiny) for tail in (law.cdf(x - 1), law.sf(x)))
    return np.where(below < above, norm.ppf(below), norm.isf(above))


def naive_z(family, x, n, target):
    """(Y - target)/s, and by mid-p where n t (1 - t), or E, is below 5 and the counts are whole."""
    y, centre, s = transform(family, x, n, target)
    spread = n * target * (1 - target) if family == "binomial" else n * target
    small = mid_p_z(family, x, n, target)
    whole = (x == np.floor(x)) & ((n == np.floor(n)) | (family != "binomial"))
    return np.where((spread < 5) & whole, small, (y - centre) / s), y, centre, s


def winsorise(z, share=0.1):
    """Values beyond the type-7 quantiles at `share` and 1 - `share` are set to them."""
    return np.clip(z, quantile7(z, share), quantile7(z, 1 - share))


def phi_tau2(z, s):
    """phi = sum z^2 / I; tau2 = (I phi - (I - 1)) / (sum w - sum w^2 / sum w), w = 1/s^2, and never below 0."""
    size, weight = len(z), 1 / np.asarray(s, float) ** 2
    phi = (np.asarray(z, float) ** 2).sum() / size
    excess = size * phi - (size - 1)
    if excess < 0:
        return phi, 0.0
    return phi, excess / (weight.sum() - (weight ** 2).sum() / weight.sum())


def adjusted_limit(family, n, target, tau2, k):
    """The fraction at target + k sqrt(s^2 + tau2) on the scale of Y, transformed back within what is possible."""
    if family == "binomial":
        angle = np.arcsin(np.sqrt(target)) + k * np.sqrt(1 / (4 * n) + tau2)
        return np.sin(np.clip(angle, 0, np.pi / 2)) ** 2
    root = 1 + k * np.sqrt(1 / (4 * n * target) + tau2)
    return target * np.maximum(root, 0) ** 2


# --- Recent trend: five points along the last axis, oldest first -------------------------------------------------

TIMES = np.arange(1.0, 6.0)


def line(y, weight, times=TIMES):
    """Weighted least squares: slope, its variance where the weights are 1/se^2, and the residual sum of squares."""
    total = weight.sum(-1)
    centred = times - ((weight * times).sum(-1) / total)[..., None]
    middle = (weight * y).sum(-1) / total
    spread = (weight * centred ** 2).sum(-1)
    slope = (weight * centred * y).sum(-1) / spread
    residual = y - middle[..., None] - slope[..., None] * centred
    return slope, 1 / spread, (weight * residual ** 2).sum(-1)


def slopes_without_each(y, weight, times=TIMES):
    """The slope with each point left out in turn, as an array with one more axis."""
    keep = [np.arange(y.shape[-1]) != i for i in range(y.shape[-1])]
    return np.stack([line(y[..., k], weight[..., k], times[k])[0] for k in keep], -1)


def sign_kept(slope, without, scale):
    """Whether all slopes have the sign of the whole; 0 is positive, and so is what is 0 but for rounding."""
    least = -1e-12 * scale
    return ((slope >= least)[..., None] == (without >= least[..., None])).all(-1)


def cochran_armitage(x, n):
    """(sum t(x - np))^2 / (p(1 - p)(sum n t^2 - (sum n t)^2/N)), and the heterogeneity chi-square less it."""
    n = np.asarray(n, float)
    total = n.sum(-1)
    p = x.sum(-1) / total
    off = x - n * p[..., None]
    spread = (n * TIMES ** 2).sum(-1) - (n * TIMES).sum(-1) ** 2 / total
    with np.errstate(divide="ignore", invalid="ignore"):
        trend = (off * TIMES).sum(-1) ** 2 / (p * (1 - p) * spread)
        all_five = (off ** 2 / n).sum(-1) / (p * (1 - p))
    none = (p <= 0) | (p >= 1)
    return np.where(none, np.nan, trend), np.where(none, np.nan, np.maximum(all_five - trend, 0))


def logits(x, n):
    """ln(x/(n - x)); where one count is none or all, all five of (x + 1/2)/(n - x + 1/2)."""
    edge = ((x == 0) | (x == n)).any(-1, keepdims=True)
    add = np.where(edge, 0.5, 0.0)
    return np.log((x + add) / (n - x + add))


def proportion_trend(x, n):
    """chi2, residual chi2, slope of the logits, and whether the sign holds."""
    y = logits(x, n)
    slope, without = line(y, np.ones_like(y))[0], slopes_without_each(y, np.ones_like(y))
    trend, rest = cochran_armitage(x, n)
    return trend, rest, slope, sign_kept(slope, without, np.abs(y).max(-1))


def valued_trend(value, low, high):
    """The same of values with 95 per cent limits: weights 1/se^2 with se = (high - low)/3.92."""
    weight = 1 / ((high - low) / 3.92) ** 2
    slope, variance, rest = line(value, weight)
    without = slopes_without_each(value, weight)
    return slope ** 2 / variance, rest, slope, sign_kept(slope, without, np.abs(value).max(-1))


def marker(statistic, slope, kept):
    """increasing or decreasing where the statistic is above the limit and the sign holds, else no-change."""
    if not (statistic > TREND_LIMIT and kept):
        return "no-change"
    return "increasing" if slope >= 0 else "decreasing"


def pooled_dispersion(rest):
    """max(1, sum of residual chi2 / (3 authorities))."""
    return max(1.0, rest.sum() / (3 * len(rest)))


def mann_kendall(values):
    """Theil-Sen slope and the two-sided p of Mann-Kendall, with ties, continuity and lag-1 autocorrelation."""
    y = np.asarray(values, float)
    m = len(y)
    early, late = np.triu_indices(m, 1)
    rise = y[late] - y[early]
    slope = float(np.median(rise / (late - early)))
    score = np.sign(rise).sum()
    ties = np.unique(y, return_counts=True)[1]
    variance = (m * (m - 1) * (2 * m + 5) - (ties * (ties - 1) * (2 * ties + 5)).sum()) / 18
    variance *= autocorrelation_factor(y - slope * np.arange(1, m + 1), np.abs(y).max())
    if score == 0 or variance == 0:
        return slope, 1.0
    z = (abs(score) - 1) / np.sqrt(variance)
    return slope, float(2 * norm.sf(z))


def autocorrelation_factor(rest, scale):
    """1 + 2 sum (1 - k/m) r^k over k = 1 to m - 1, at least 1; r of a series without spread is 0."""
    m, off = len(rest), rest - rest.mean()
    if np.abs(off).max() <= 1e-12 * scale:
        return 1.0
    r = (off[1:] * off[:-1]).sum() / (off ** 2).sum()
    k = np.arange(1, m)
    return max(1.0, 1 + 2 * ((1 - k / m) * r ** k).sum())
