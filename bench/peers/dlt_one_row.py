"""Loads one row into a DuckDB file with dlt: `dlt_one_row.py DATABASE WORK_FOLDER`."""

import os
import sys

database, work_folder = sys.argv[1:]
os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
os.environ["DLT_DATA_DIR"] = work_folder

import dlt  # noqa: E402

pipeline = dlt.pipeline("bench", pipelines_dir=work_folder, destination=dlt.destinations.duckdb(database), dataset_name="bench")
pipeline.run([{"id": 1, "name": "first"}], table_name="things")
