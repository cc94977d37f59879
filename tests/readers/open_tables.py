#!/usr/bin/env python3
"""Opens every table of a lake as it lies, in DuckDB, polars and pyarrow, and holds cells against the published files.

usage: open_tables.py LAKE [DATA]
"""
import collections
import csv
import json
import pathlib
import sys

import duckdb
import polars
import pyarrow.parquet

STATUS = {"c": "suppressed", "k": "low", "low": "low", "z": "not-applicable", "x": "not-available", "u": "unreliable"}
LEVEL = {"National": "national", "Regional": "region", "Local authority": "authority"}
AREA = {"national": "country_code", "region": "region_code", "authority": "new_la_code"}


def open_everywhere(current: pathlib.Path) -> int:
    """Every table has the rows that the manifest says, in all three readers, and the same columns."""
    tables = json.loads((current / "manifest.json").read_text())["tables"]
    for name, table in tables.items():
        pattern = str(current / (f"{name}/*.parquet" if table["partitioned"] else f"{name}.parquet"))
        columns = [column["name"] for column in table["columns"]]
        in_duckdb = duckdb.sql(f"select * from read_parquet('{pattern}')")
        in_polars = polars.read_parquet(pattern)
        assert in_duckdb.columns == columns == in_polars.columns, (name, in_duckdb.columns, in_polars.columns)
        assert in_duckdb.aggregate("count(*)").fetchall()[0][0] == table["rows"] == in_polars.height, name
        files = sorted(current.glob(f"{name}/*.parquet")) or [current / f"{name}.parquet"]
        assert sum(pyarrow.parquet.read_table(file).num_rows for file in files) == table["rows"], name
        dictionaries = [column for column, kind in in_polars.schema.items() if kind in (polars.Categorical, polars.Binary)]
        assert not dictionaries, (name, dictionaries)
    return len(tables)


def hold_against_files(current: pathlib.Path, data: pathlib.Path) -> tuple[int, int]:
    """Every observation is the cell of the row and column that it names; no cell of a kept column is missing."""
    connection = duckdb.connect()
    connection.execute(f"create view observation as select * from read_parquet('{current}/observation/*.parquet')")
    sources = connection.execute(f"select source_id, release, file_name, rows_read from '{current}/source.parquet'").fetchall()
    checked = files = 0
    for source_id, release, file_name, rows_read in sources:
        facts = connection.execute(
            "select source_row, source_column, value, status, geography_level, published_code, period_label"
            " from observation where source_id = ? and release = ?", [source_id, release]).fetchall()
        if not facts:
            continue
        with open(data / file_name, encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
        place = {name.strip(): i for i, name in enumerate(rows[0])}
        assert len(rows) - 1 == rows_read, file_name
        seen = collections.Counter()
        for row, column, value, status, level, code, period in facts:
            printed = [cell.strip() for cell in rows[row - 1]]
            cell = printed[place[column]]
            if cell in STATUS:
                agrees = value is None and STATUS[cell] == status
            else:
                agrees = value == float(cell) and status == "observed"
            agrees = agrees and printed[place["time_period"]] == period and LEVEL[printed[place["geographic_level"]]] == level
            assert agrees and printed[place[AREA[level]]] == code, (file_name, row, column, cell, value, status, code)
            seen[row, column] += 1
        columns = {column for _, column in seen}
        assert len(seen) == rows_read * len(columns), (file_name, "a cell of a kept column is missing")
        checked += len(facts)
        files += 1
    return checked, files


def main() -> None:
    current = pathlib.Path(sys.argv[1]) / "current"
    print(f"{open_everywhere(current)} tables open in DuckDB, polars and pyarrow")
    if len(sys.argv) > 2:
        checked, files = hold_against_files(current, pathlib.Path(sys.argv[2]))
        print(f"{checked} observations of {files} files equal the cells they name")


main()
