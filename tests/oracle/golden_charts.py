"""The golden files of charts: XmR, CUSUM and EWMA."""

import numpy as np

import signals as s


def xmr(tally, cases):
    for c in cases:
        i, e, case = c["input"], c["expected"], c["case_id"]
        mean, half, phase = s.xmr(i["y"], i["screen_outliers"], i["rebase_at"], i["fix_after_n_points"])
        rules, near, outside = s.xmr_rules(i["y"], mean, half, phase)
        tally.numbers(case, "mean", mean, e["mean"])
        tally.numbers(case, "lpl", mean - half, e["lpl"])
        tally.numbers(case, "upl", mean + half, e["upl"])
        tally.same(case, "rules", [name for name, _ in rules], e["special_cause_type"])
        kinds = [point_type(sign, i["improvement_direction"]) for _, sign in rules]
        tally.same(case, "point_type", kinds, e["point_type"])
        if not np.isnan(half).any():
            tally.same(case, "outside", outside.tolist(), e["outside_limits"])
            tally.same(case, "near", near.tolist(), e["close_to_limits"])
        if i["target"] is not None and i["improvement_direction"] != "neutral":
            tally.same(case, "assurance", assurance(i, mean[-1], half[-1]), e["assurance"])


def point_type(sign, direction):
    """Improvement or concern by the direction wanted; high or low where none is."""
    if sign == 0:
        return "common_cause"
    if direction == "neutral":
        return "special_cause_neutral_" + ("high" if sign > 0 else "low")
    return "special_cause_" + ("improvement" if (sign > 0) == (direction == "increase") else "concern")


def assurance(i, mean, half):
    """Consistent where the target lies outside the limits of the last phase."""
    if mean - half <= i["target"] <= mean + half:
        return "inconsistent"
    beyond = i["target"] < mean - half
    return "consistent_pass" if beyond == (i["improvement_direction"] == "increase") else "consistent_fail"


def cusum(tally, cases):
    for c in cases:
        i, e = c["input"], c["expected"]
        path, _ = s.cusum(i["counts"], i["mu0"], i["rate_ratio"])
        _, alarms = s.cusum(i["counts"], i["mu0"], i["rate_ratio"], i["h"])
        tally.numbers(c["case_id"], "cusum", path, e["cusum_no_reset"])
        tally.same(c["case_id"], "alarms", alarms, e["alarm_index_1based_with_reset"])


def ewma(tally, cases):
    for c in cases:
        i, e = c["input"], c["expected"]
        z, limit, signal = s.ewma(i["counts"], np.array(i["expected_counts"]), i["lambda_"], i["L"])
        tally.numbers(c["case_id"], "ewma", z, e["ewma"])
        tally.numbers(c["case_id"], "limit", limit, e["limit"])
        tally.same(c["case_id"], "signal", signal.tolist(), e["signal"])
