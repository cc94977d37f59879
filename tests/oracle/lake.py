"""Reading a built lake, and holding a table of it against what was worked out here."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as parquet

# Too few children to be counted, though they are compared: City of London and the Isles of Scilly.
TINY = ("E09000001", "E06000053")
RELATIVE = 1e-9
ABSOLUTE = 1e-9
# Of figures that are small by nature an absolute 1e-9 would forgive too much.
ABSOLUTE_OF = {"tau2": 1e-13, "target": 1e-13, "p_value": 1e-13, "reliability": 1e-12}


def read(lake, name, columns=None):
    """A table of the current snapshot, one file or a folder of them."""
    file = Path(lake) / "current" / f"{name}.parquet"
    folder = Path(lake) / "current" / name
    if not file.exists() and not folder.exists():
        raise SystemExit(f"{name}: not in {lake}/current")
    return parquet.read_table(file if file.exists() else folder, columns=columns)


def floats(column):
    """Numbers with nan for NULL, and where a value stands that is no number: nan or infinite."""
    null = np.asarray(column.is_null())
    values = np.asarray(column.cast("float64").fill_null(np.nan))
    return values, ~null & ~np.isfinite(values)


def objects(column):
    out = np.empty(len(column), object)
    out[:] = column.to_pylist()
    return out


def same_numbers(found, expected, absolute):
    """1e-9 relative, or so near that nothing but rounding is between them; NULL (nan) only with NULL."""
    with np.errstate(invalid="ignore"):
        near = np.abs(found - expected) <= np.maximum(
            absolute, RELATIVE * np.maximum(np.abs(found), np.abs(expected)))
    return near | (np.isnan(found) & np.isnan(expected))


class Outcome:
    """What came of one table: printed as it goes, and `good` in the end or not."""

    def __init__(self, name, least):
        self.name, self.least, self.good = name, least, True

    def fail(self, text):
        self.good = False
        print(f"{self.name}: {text}")

    def column(self, name, compared, worst, wrong):
        """A line a column: how many values stood on both sides, the worst difference, and the first ten."""
        print(f"{self.name}.{name}: {compared} values, greatest difference {worst:.1e}"
              + (f", {len(wrong)} DIFFER" if wrong else ""))
        for key, found, expected in wrong[:10]:
            print(f"    {' '.join(map(str, key))}: {shown(found)} in the lake, {shown(expected)} here")
        if wrong:
            self.good = False
        if compared < self.least:
            self.fail(f"{name}: fewer than {self.least} values compared, which shows nothing")


def shown(value):
    return "NULL" if value is None or value != value else repr(getattr(value, "item", lambda: value)())


def match(outcome, table, keys, key_names, optional=None):
    """Row numbers (theirs, ours) of the same key; rows of one side only are differences.

    `optional` says of our rows which the lake may leave out.
    """
    theirs = list(zip(*(table.column(k).to_pylist() for k in key_names)))
    place = {key: i for i, key in enumerate(theirs)}
    if len(place) != len(theirs):
        outcome.fail(f"{len(theirs) - len(place)} keys stand twice")
    ours = {key: i for i, key in enumerate(keys)}
    missing = [k for k in keys if k not in place and not (optional is not None and optional[ours[k]])]
    extra = [k for k in place if k not in ours]
    for what, rows in (("rows missing in the lake", missing), ("rows in the lake that should not be", extra)):
        if rows:
            outcome.fail(f"{len(rows)} {what}: " + "; ".join(" ".join(map(str, r)) for r in rows[:10]))
    both = [k for k in keys if k in place]
    print(f"{outcome.name}: {len(both)} rows compared")
    return both, np.array([place[k] for k in both], int), np.array([ours[k] for k in both], int)


def hold(name, table, keys, key_names, columns, least_rows, least_values, optional=None):
    """Holds every column of `columns` against the table; True where all is the same and enough was compared."""
    outcome = Outcome(name, least_values)
    both, theirs, ours = match(outcome, table, keys, key_names, optional)
    if len(both) < least_rows:
        outcome.fail(f"only {len(both)} rows compared, at least {least_rows} were to be")
    for column, expected in columns.items():
        if column not in table.column_names:
            outcome.fail(f"{column}: no such column in the lake")
        elif expected.dtype == object:
            hold_texts(outcome, column, both, objects(table.column(column))[theirs], expected[ours])
        else:
            found, broken = floats(table.column(column))
            hold_numbers(outcome, column, both, found[theirs], expected[ours].astype(float), broken[theirs])
    return outcome.good


def hold_texts(outcome, column, keys, found, expected):
    wrong = np.flatnonzero(found != expected)
    compared = sum(f is not None and e is not None for f, e in zip(found, expected))
    outcome.column(column, compared, 0.0, [(keys[i], found[i], expected[i]) for i in wrong])


def hold_numbers(outcome, column, keys, found, expected, broken):
    expected = np.where(np.isfinite(expected), expected, np.nan)
    same = same_numbers(found, expected, ABSOLUTE_OF.get(column, ABSOLUTE)) & ~broken
    both = ~np.isnan(found) & ~np.isnan(expected)
    gap = np.abs(found - expected)[both] / np.maximum(np.abs(expected)[both], 1.0)
    listed = [(keys[i], "not a number" if broken[i] else found[i], expected[i]) for i in np.flatnonzero(~same)]
    outcome.column(column, int(both.sum()), gap.max(initial=0.0), listed)


# --- The figures that all is worked out from ---------------------------------------------------------------------

class Figures:
    """The headline figures of authorities for the indicators that are compared, in order of their keys.

    Arrays of one length: indicator, code, period, value, x, n (nan for NULL), status, and `figure`, which is one and
    the same for those that share a service. `has` says where value, x and n can be used together.
    """

    def __init__(self, lake):
        self.indicators = {r["indicator_id"]: r for r in read(
            lake, "indicator", ["indicator_id", "measure", "multiplier", "polarity", "comparable",
                                "standard"]).to_pylist()
            if r["comparable"]}
        rows = self.rows(lake)
        order = sorted(range(len(rows["code"])), key=lambda i: self.key(rows, i))
        for name, values in rows.items():
            setattr(self, name, values[order])
        self.measure = np.array([self.indicators[i]["measure"] for i in self.indicator], object)
        self.per = np.array([self.indicators[i]["multiplier"] for i in self.indicator], float)
        # Every authority is held to the standard of these, whatever the others do.
        self.held = np.array([self.indicators[i]["standard"] is not None for i in self.indicator], bool)
        self.has = self.usable()
        self.codes = sorted(set(self.code))
        place = {c: i for i, c in enumerate(self.codes)}
        self.area = np.array([place[c] for c in self.code], int)

    def rows(self, lake):
        table = read(lake, "headline", ["indicator_id", "geography_level", "geography_code", "period_end", "value",
                                        "numerator", "denominator", "status", "shared_service", "source_id",
                                        "source_row"])
        indicator, level = objects(table.column("indicator_id")), objects(table.column("geography_level"))
        kept = np.array([a == "authority" and i in self.indicators for i, a in zip(indicator, level)])
        rows = {"indicator": indicator, "code": objects(table.column("geography_code")),
                "period": objects(table.column("period_end")), "status": objects(table.column("status")),
                "shared": objects(table.column("shared_service")), "source": objects(table.column("source_id")),
                "line": objects(table.column("source_row"))}
        for name, column in (("value", "value"), ("x", "numerator"), ("n", "denominator")):
            rows[name] = floats(table.column(column))[0]
        return {name: values[kept] for name, values in rows.items()}

    @staticmethod
    def key(rows, i):
        return rows["indicator"][i], rows["period"][i], rows["code"][i]

    def usable(self):
        """Value, numerator and denominator are there, n above 0, and no proportion above all."""
        with np.errstate(invalid="ignore"):
            there = ~np.isnan(self.value) & ~np.isnan(self.x) & (self.n > 0)
            return there & ~((self.measure == "proportion") & (self.x > self.n))

    def groups(self):
        """Slices of one indicator and period."""
        start = 0
        for i in range(1, len(self.code) + 1):
            if i == len(self.code) or (self.indicator[i], self.period[i]) != (self.indicator[start],
                                                                              self.period[start]):
                yield slice(start, i)
                start = i

    def counted(self, part, usable):
        """Of one group: not the tiny ones, and a shared service's figure once, under the first of its codes."""
        seen, out = set(), np.zeros(part.stop - part.start, bool)
        for k, i in enumerate(range(part.start, part.stop)):
            figure = (self.source[i], self.line[i]) if self.shared[i] else self.code[i]
            if usable[i] and self.code[i] not in TINY and figure not in seen:
                seen.add(figure)
                out[k] = True
        return out
