"""Loads an NDJSON file of events into a DuckDB file with dlt: `dlt_nested.py defaults|tuned INPUT DATABASE WORK_FOLDER`."""

import os
import sys

TUNED = {
    # https://dlthub.com/docs/reference/performance: rotate files so that work can be shared, normalize in parallel, write Parquet, spare the
    # compression in between. Of buffers and files between 5,000 and 50,000 items these did best; larger buffers took more memory, not less time.
    "NORMALIZE__WORKERS": "2",
    "DATA_WRITER__BUFFER_MAX_ITEMS": "5000",
    "DATA_WRITER__FILE_MAX_ITEMS": "10000",
    "DATA_WRITER__DISABLE_COMPRESSION": "true",
    "LOAD__DELETE_COMPLETED_JOBS": "true",
}


def main() -> None:
    mode, source_path, database, work_folder = sys.argv[1:]
    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    os.environ["DLT_DATA_DIR"] = work_folder
    if mode == "tuned":
        os.environ.update(TUNED)

    import dlt
    import orjson

    @dlt.resource(name="events")
    def events():
        with open(source_path, "rb") as lines:
            batch = []
            for line in lines:
                batch.append(orjson.loads(line))
                if len(batch) == 1000:
                    yield batch
                    batch = []
            if batch:
                yield batch

    pipeline = dlt.pipeline("bench", pipelines_dir=work_folder, destination=dlt.destinations.duckdb(database), dataset_name="bench")
    pipeline.run(events(), loader_file_format="parquet" if mode == "tuned" else None)


if __name__ == "__main__":
    main()
