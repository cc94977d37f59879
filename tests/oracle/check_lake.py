"""Works out every row of `comparison`, `dispersion`, `trend`, `examined`, `attention`, `risk` and `risk_contribution`
again and holds them against a built lake.

check_lake.py LAKE [--small]. Prints a line a column; exits 1 on any difference, and where so little was compared that
it would show nothing. --small asks for one value of each column only (for the made-up lakes of our own test).
"""

import sys

import lake_trend
from lake import Figures, hold, read
from lake_attention import Attention, Examined
from lake_comparison import Comparison, dispersion_columns, neighbour_matrix, neighbour_sets, neighbours_in_force
from lake_risk import Risk, hold_drawn

# At least so many rows, and so many values of each column on both sides.
LEAST = {"comparison": (50_000, 1_000), "dispersion": (300, 100), "trend": (2_000, 50),
         "examined": (10_000, 5_000), "attention": (10_000, 5_000), "survives": (10_000, 20),
         "standard": (10_000, 200), "risk": (500, 100),
         "risk_contribution": (5_000, 5_000)}
# Draws of ranks, so many more than the program's that nearly all of the doubt is its own.
DRAWS = 10_000
SMALL = {name: (1, 1) for name in LEAST}


def check(lake, least, draws=DRAWS):
    figures = Figures(lake)
    found = Comparison(figures, neighbours_in_force(lake))
    keys = list(zip(figures.indicator, figures.code, figures.period))
    good = [hold("comparison", read(lake, "comparison"), keys, ("indicator_id", "authority_code", "period_end"),
                 found.columns, *least["comparison"])]
    keys, columns = dispersion_columns(found.dispersion)
    # A period in which nobody can be counted says nothing; the lake may keep a row of it or not.
    good.append(hold("dispersion", read(lake, "dispersion"), keys, ("indicator_id", "period_end"), columns,
                     *least["dispersion"], optional=columns["areas"] == 0))
    keys, columns = lake_trend.expected(figures)
    good.append(hold("trend", read(lake, "trend"), keys, ("indicator_id", "authority_code"), columns,
                     *least["trend"]))
    good += check_examined(lake, Examined(lake, figures, found), least, draws)
    return all(good)


def check_examined(lake, examined, least, draws):
    """What stands out, and the review groups."""
    key = ("indicator_id", "authority_code")
    columns, table = examined.columns(), read(lake, "examined")
    # Few indicators have a standard.
    held_to = {"standard": columns.pop("standard")}
    good = [hold("examined", table, examined.keys(), key, part, *least[name])
            for name, part in (("examined", columns), ("standard", held_to))]
    sets = [neighbour_matrix(s, examined.figures.codes) for s in neighbour_sets(lake)]
    columns, table = Attention(lake, examined, sets).columns, read(lake, "attention")
    # Only what is listed survives anything, so that fewer values are asked for.
    survived = {name: values for name, values in columns.items() if name.startswith("survives_")}
    rest = {name: values for name, values in columns.items() if name not in survived}
    good += [hold("attention", table, examined.keys(), key, part, *least[name])
             for name, part in (("attention", rest), ("survives", survived))]
    risk, table = Risk(examined), read(lake, "risk")
    keys, columns = risk.contributions()
    good.append(hold("risk_contribution", read(lake, "risk_contribution"), keys, ("authority_code", "indicator_id"),
                     columns, *least["risk_contribution"]))
    keys, columns = risk.table()
    good.append(hold("risk", table, keys, ("authority_code", "domain"), columns, *least["risk"]))
    good.append(hold_drawn(risk, table, least["risk"][1], draws))
    return good


def main(arguments):
    folders = [a for a in arguments if a != "--small"]
    if len(folders) != 1:
        sys.exit("usage: check_lake.py LAKE [--small]")
    good = check(folders[0], SMALL if "--small" in arguments else LEAST)
    print("the lake says what the oracle says" if good else "THE LAKE AND THE ORACLE DIFFER")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
