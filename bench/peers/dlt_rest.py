"""Loads the pages of events with dlt's REST source: `dlt_rest.py defaults|tuned BASE_URL DATABASE WORK_FOLDER`."""

import sys

from dlt_settings import load, prepare


def main() -> None:
    mode, base_url, database, work_folder = sys.argv[1:]
    prepare(mode, work_folder)

    from dlt.sources.rest_api import rest_api_source

    api = rest_api_source(
        {
            "client": {"base_url": base_url, "paginator": {"type": "json_link", "next_url_path": "next"}},
            "resources": [{"name": "events", "endpoint": {"path": "events", "data_selector": "data"}}],
        },
        name="bench",
    )
    load(mode, database, work_folder, api)


if __name__ == "__main__":
    main()
