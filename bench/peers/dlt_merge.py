"""Merges an NDJSON file of accounts with dlt: `dlt_merge.py defaults|tuned INPUT DATABASE WORK_FOLDER`."""

import sys

from dlt_settings import batches_of_lines, load, prepare


def main() -> None:
    mode, source_path, database, work_folder = sys.argv[1:]
    prepare(mode, work_folder)

    import dlt

    @dlt.resource(name="accounts", primary_key="id", write_disposition="merge")
    def accounts():
        yield from batches_of_lines(source_path)

    load(mode, database, work_folder, accounts())


if __name__ == "__main__":
    main()
