"""Belief, charts and forecasts, from their definitions: the second half of formulas.py."""

import numpy as np
from scipy.special import expit, logit
from scipy.stats import gamma, norm


# --- Many tests --------------------------------------------------------------------------------------------------

def adjust_p(p, method):
    """Benjamini-Hochberg min over j >= i of m p_(j)/j (by: times sum 1/k), Holm, Bonferroni; None stays None."""
    held = [i for i, v in enumerate(p) if v is not None]
    values = np.array([p[i] for i in held], float)
    m = len(values)
    order = np.argsort(values, kind="stable")
    ordered, place = values[order], np.arange(1, m + 1)
    if method == "bonferroni":
        found = m * ordered
    elif method == "holm":
        found = np.maximum.accumulate((m + 1 - place) * ordered)
    else:
        factor = (1 / place).sum() if method == "by" else 1.0
        found = np.minimum.accumulate((factor * m * ordered / place)[::-1])[::-1]
    out = [None] * len(p)
    for i, v in zip(order, np.minimum(found, 1)):
        out[held[i]] = float(v)
    return out


# --- Shrinkage ---------------------------------------------------------------------------------------------------

def gamma_poisson(x, expected, a, b, confidence=0.95):
    """Posterior Gamma(a + x, b + E): its mean and quantiles."""
    law = gamma(a + x, scale=1 / (b + expected))
    return law.mean(), law.ppf((1 - confidence) / 2), law.ppf((1 + confidence) / 2)


def gamma_poisson_above(x, expected, a, b, limit):
    """P(theta > limit) of the same posterior."""
    return gamma.sf(limit, a + x, scale=1 / (b + expected))


def marshall(events, people, family="poisson"):
    """Marshall's global moments: m, s2 = sum n(p - m)^2 / sum n, A = max(0, s2 - m/nbar), m + A(p - m)/(A + m/n).

    The binomial form reports the raw s2 in place of A, as spdep does.
    """
    x, n = np.asarray(events, float), np.asarray(people, float)
    p, m = x / n, x.sum() / n.sum()
    s2 = (n * (p - m) ** 2).sum() / n.sum()
    if family == "binomial":
        rho = binomial_weight(n, m, s2)
        return s2, m, p, m + rho * (p - m)
    spread = max(0.0, s2 - m / n.mean())
    return spread, m, p, m + spread * (p - m) / (spread + m / n)


def binomial_weight(n, m, s2):
    """n A / (n A + m(1 - m) - s2) with A = s2 - m(1 - m)/nbar: the moments of a beta-binomial."""
    noise = m * (1 - m)
    between = s2 - noise / n.mean()
    return n * between / (n * between + noise - s2)


def dersimonian_laird(y, v):
    """Q, tau2 = max(0, (Q - (k - 1))/(sum w - sum w^2/sum w)), I2, mu with weights 1/(v + tau2), its se, and BLUPs."""
    y, v = np.asarray(y, float), np.asarray(v, float)
    w, k = 1 / v, len(y)
    middle = (w * y).sum() / w.sum()
    q = (w * (y - middle) ** 2).sum()
    c = w.sum() - (w ** 2).sum() / w.sum()
    tau2 = max(0.0, (q - (k - 1)) / c)
    typical = (k - 1) / c  # Higgins and Thompson's typical within variance
    star = 1 / (v + tau2)
    mu = (star * y).sum() / star.sum()
    blup = mu + tau2 / (tau2 + v) * (y - mu)
    return {"Q": q, "tau2": tau2, "I2": 100 * tau2 / (tau2 + typical), "mu": mu, "se_mu": star.sum() ** -0.5,
            "blup": blup}


# --- Charts ------------------------------------------------------------------------------------------------------

def xmr_limits(y, screen):
    """Mean -/+ 2.66 times the mean moving range; ranges of 3.267 times their mean or more are dropped once."""
    y = np.asarray(y, float)
    ranges = np.abs(np.diff(y))
    if screen and len(ranges):
        ranges = ranges[ranges < 3.267 * ranges.mean()] if ranges.any() else ranges[:0]
    if not len(ranges):
        return y.mean(), None
    return y.mean(), 2.66 * ranges.mean()


def xmr(y, screen=True, rebase_at=(), fix_after=None):
    """Per point: mean, half width (nan where no moving range is usable), and the phase."""
    y = np.asarray(y, float)
    starts = [0] + [b - 1 for b in rebase_at] + [len(y)]
    mean, half, phase = np.empty(len(y)), np.full(len(y), np.nan), np.zeros(len(y), int)
    for i, (a, b) in enumerate(zip(starts, starts[1:])):
        mean[a:b], width = xmr_limits(y[a:b][:fix_after], screen)
        half[a:b], phase[a:b] = np.nan if width is None else width, i
    return mean, half, phase


def runs_of(flags, phase, length):
    """Points that are in a run of at least `length` true flags of one phase."""
    out, begin = np.zeros(len(flags), bool), 0
    for i in range(1, len(flags) + 1):
        if i == len(flags) or flags[i] != flags[begin] or phase[i] != phase[begin]:
            if flags[begin] and i - begin >= length:
                out[begin:i] = True
            begin = i
    return out


def trend_of(y, phase, sign):
    """Seven points each strictly beyond the one before, the first of the run counted with them."""
    out = np.zeros(len(y), bool)
    for i in range(6, len(y)):
        window = slice(i - 6, i + 1)
        if phase[i] == phase[i - 6] and (sign * np.diff(y[window]) > 0).all():
            out[window] = True
    return out


def two_in_three(near, side, phase):
    """Of three following points on one side of the mean, two beyond the two-thirds line: those are marked."""
    out = np.zeros(len(near), bool)
    for i in range(2, len(near)):
        window = slice(i - 2, i + 1)
        if phase[i] == phase[i - 2] and side[window].all() and near[window].sum() >= 2:
            out[window] |= near[window]
    return out


def xmr_rules(y, mean, half, phase):
    """The rule of each point, the first that applies, and its direction (1 high, -1 low, 0 none)."""
    y = np.asarray(y, float)
    above, below = y > mean, y < mean
    high, low = y > mean + half, y < mean - half
    near_high = (y > mean + half * 2 / 3) & ~high
    near_low = (y < mean - half * 2 / 3) & ~low
    rules = [
        ("Above UCL", high, 1), ("Below LCL", low, -1),
        ("7 Point Trend (Increasing)", trend_of(y, phase, 1), 1),
        ("7 Point Trend (Decreasing)", trend_of(y, phase, -1), -1),
        ("2 in 3 Above CL", two_in_three(near_high, above, phase), 1),
        ("2 in 3 Below CL", two_in_three(near_low, below, phase), -1),
        ("7 Points Above CL", runs_of(above, phase, 7), 1), ("7 Points Below CL", runs_of(below, phase, 7), -1),
    ]
    out = []
    for i in range(len(y)):
        found = [(name, sign) for name, marks, sign in rules if marks[i]]
        out.append(found[0] if found else ("Common Cause", 0))
    return out, near_high | near_low, high | low


def ewma(counts, expected, weight, width):
    """z_t = weight u_t + (1 - weight) z_(t-1) of u = (x - mu)/sqrt mu; limit L sqrt(w/(2-w)(1 - (1-w)^2t))."""
    u = (np.asarray(counts, float) - expected) / np.sqrt(expected)
    z, held = np.empty(len(u)), 0.0
    for i, v in enumerate(u):
        held = weight * v + (1 - weight) * held
        z[i] = held
    t = np.arange(1, len(u) + 1)
    limit = width * np.sqrt(weight / (2 - weight) * (1 - (1 - weight) ** (2 * t)))
    return z, limit, z > limit


def cusum(counts, mu0, ratio, h=None):
    """S_t = max(0, S_(t-1) + x ln RR - mu0(RR - 1)); with h, alarms (from 1) after which S begins again at 0."""
    s, path, alarms = 0.0, [], []
    for i, x in enumerate(counts, 1):
        s = max(0.0, s + x * np.log(ratio) - mu0 * (ratio - 1))
        path.append(s)
        if h is not None and s >= h:
            alarms.append(i)
            s = 0.0
    return path, alarms


# --- Forecasts ---------------------------------------------------------------------------------------------------

def auc_delong(y, p, confidence=0.95):
    """The share of pairs in the right order, ties half; DeLong's variance; limits within 0 and 1."""
    y, p = np.asarray(y), np.asarray(p, float)
    hit, miss = p[y == 1], p[y == 0]
    wins = (hit[:, None] > miss) + 0.5 * (hit[:, None] == miss)
    auc = wins.mean()
    variance = wins.mean(1).var(ddof=1) / len(hit) + wins.mean(0).var(ddof=1) / len(miss)
    half = norm.isf((1 - confidence) / 2) * np.sqrt(variance)
    return auc, variance, max(0.0, auc - half), min(1.0, auc + half)


def brier(y, p):
    """Mean of (p - y)^2."""
    return ((np.asarray(p, float) - np.asarray(y)) ** 2).mean()


def log_loss(y, p):
    """Mean of -ln p where it happened and -ln(1 - p) where not."""
    y, p = np.asarray(y), np.asarray(p, float)
    return -np.where(y == 1, np.log(p), np.log1p(-p)).mean()


def logistic(columns, offset, y):
    """Maximum likelihood of a logistic regression by Newton's steps."""
    found = np.zeros(columns.shape[1])
    for _ in range(100):
        mean = expit(offset + columns @ found)
        step = np.linalg.solve((columns.T * (mean * (1 - mean))) @ columns, columns.T @ (y - mean))
        found += step
        if np.abs(step).max() < 1e-13:
            break
    return found


def calibration(y, p):
    """Intercept with the slope held at 1, and the slope of y on logit p."""
    y, x = np.asarray(y, float), logit(np.asarray(p, float))
    one = np.ones((len(x), 1))
    return logistic(one, x, y)[0], logistic(np.column_stack([one, x]), 0.0, y)[1]


def precision_at(y, p, k):
    """The share of hits among the k highest; ties at the cut count by their expected share."""
    y, p = np.asarray(y), np.asarray(p, float)
    cut = np.sort(p)[::-1][k - 1]
    above, level = p > cut, p == cut
    return (y[above].sum() + y[level].mean() * (k - above.sum())) / k


# --- Neighbours --------------------------------------------------------------------------------------------------

def nearest(matrix, weights, k):
    """The k nearest rows of each row, and their distances sqrt(sum w (zi - zj)^2), z with deviation (n - 1)."""
    x = np.asarray(matrix, float)
    z = (x - x.mean(0)) / x.std(0, ddof=1)
    distance = np.sqrt((np.asarray(weights) * (z[:, None] - z[None]) ** 2).sum(-1))
    np.fill_diagonal(distance, np.inf)
    order = np.argsort(distance, axis=1, kind="stable")[:, :k]
    return order, np.take_along_axis(distance, order, 1)
