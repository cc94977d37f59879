"""Works out every row of `comparison`, `dispersion` and `trend` again and holds them against a built lake.

check_lake.py LAKE [--small]. Prints a line a column; exits 1 on any difference, and where so little was compared that
it would show nothing. --small asks for one value of each column only (for the made-up lakes of our own test).
"""

import sys

import lake_trend
from lake import Figures, hold, read
from lake_comparison import Comparison, dispersion_columns, neighbours_in_force

# At least so many rows, and so many values of each column on both sides.
LEAST = {"comparison": (50_000, 1_000), "dispersion": (300, 100), "trend": (2_000, 50)}
SMALL = {name: (1, 1) for name in LEAST}


def check(lake, least):
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
    return all(good)


def main(arguments):
    folders = [a for a in arguments if a != "--small"]
    if len(folders) != 1:
        sys.exit("usage: check_lake.py LAKE [--small]")
    good = check(folders[0], SMALL if "--small" in arguments else LEAST)
    print("the lake says what the oracle says" if good else "THE LAKE AND THE ORACLE DIFFER")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
