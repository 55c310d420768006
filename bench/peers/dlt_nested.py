"""Loads an NDJSON file of events with dlt: `dlt_nested.py defaults|tuned INPUT DATABASE WORK_FOLDER`."""

import sys

from dlt_settings import batches_of_lines, load, prepare


def main() -> None:
    mode, source_path, database, work_folder = sys.argv[1:]
    prepare(mode, work_folder)

    import dlt

    @dlt.resource(name="events")
    def events():
        yield from batches_of_lines(source_path)

    load(mode, database, work_folder, events())


if __name__ == "__main__":
    main()
