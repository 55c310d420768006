"""What the scripts of dlt have in common."""

import os

TUNED = {
    # https://dlthub.com/docs/reference/performance: rotate files so that work can be shared, normalize in parallel, write Parquet (for PostgreSQL
    # CSV, which it loads by COPY), spare the compression in between. Of buffers and files between 5,000 and 50,000 items these did best; larger
    # buffers took more memory, not less time.
    "NORMALIZE__WORKERS": "2",
    "DATA_WRITER__BUFFER_MAX_ITEMS": "5000",
    "DATA_WRITER__FILE_MAX_ITEMS": "10000",
    "DATA_WRITER__DISABLE_COMPRESSION": "true",
    "LOAD__DELETE_COMPLETED_JOBS": "true",
}


def prepare(mode: str, work_folder: str) -> None:
    """Sets the environment; to be called before dlt is imported."""
    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    os.environ["DLT_DATA_DIR"] = work_folder
    if mode == "tuned":
        os.environ.update(TUNED)


def load(mode: str, database: str, work_folder: str, data) -> None:
    """Runs a pipeline into a DuckDB file, or into PostgreSQL if the database is an address."""
    import dlt

    is_postgres = database.startswith("postgres")
    destination = dlt.destinations.postgres(database) if is_postgres else dlt.destinations.duckdb(database)
    pipeline = dlt.pipeline("bench", pipelines_dir=work_folder, destination=destination, dataset_name="bench")
    tuned_format = "csv" if is_postgres else "parquet"
    pipeline.run(data, loader_file_format=tuned_format if mode == "tuned" else None)


def batches_of_lines(path: str):
    """Rows of an NDJSON file, 1,000 at a time."""
    import orjson

    with open(path, "rb") as lines:
        batch = []
        for line in lines:
            batch.append(orjson.loads(line))
            if len(batch) == 1000:
                yield batch
                batch = []
        if batch:
            yield batch
