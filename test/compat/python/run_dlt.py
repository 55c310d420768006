"""Runs every case of a prepared file through dlt, into one DuckDB file a case, or into one schema a case of a PostgreSQL server.

usage: run_dlt.py PREPARED.json OUTPUT_FOLDER [POSTGRES_URL]

Writes OUTPUT_FOLDER/<case id>.duckdb and OUTPUT_FOLDER/outcomes.json, which maps the case id to one outcome a load:
{"status": "ok", "load_ids": [...]} or {"status": "raises", "error": "..."}. An exception ends a load, never the process.
"""

import base64
import datetime
import decimal
import hashlib
import json
import os
import sys
import uuid

os.environ.update(
    {
        "RUNTIME__DLTHUB_TELEMETRY": "false",
        "RUNTIME__LOG_LEVEL": "CRITICAL",
        "NORMALIZE__WORKERS": "1",
        "LOAD__WORKERS": "1",
        "LOAD__RAISE_ON_MAX_RETRIES": "1",
    }
)

import dlt  # noqa: E402

DECODERS = {
    "$date": datetime.date.fromisoformat,
    "$time": datetime.time.fromisoformat,
    "$timestamp": lambda text: datetime.datetime.fromisoformat(text.replace("Z", "+00:00")),
    "$decimal": decimal.Decimal,
    "$bytes": base64.b64decode,
    "$bigint": int,
    "$double": float,
    "$uuid": uuid.UUID,
}


def decode(value):
    """Turns the tagged encoding of the cases into Python values."""
    if isinstance(value, list):
        return [decode(item) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        tag, text = next(iter(value.items()))
        if tag in DECODERS:
            return DECODERS[tag](text)
    return {key: decode(item) for key, item in value.items()}


def rows_of(load):
    if "ndjson" in load:
        with open(load["ndjson"], encoding="utf-8") as file:
            return [json.loads(line) for line in file if line.strip()]
    return decode(load["rows"])


def resource_of(load):
    hints = load["hints"]
    rows = rows_of(load)

    def pages():
        yield rows

    plain = ("write_disposition", "primary_key", "merge_key", "columns", "max_table_nesting", "schema_contract")
    given = {name: hints[name] for name in plain if name in hints}
    if "nested_hints" in hints:
        nested = hints["nested_hints"].items()
        given["nested_hints"] = {tuple(path.split(".")): dlt.mark.make_nested_hints(**one) for path, one in nested}
    resource = dlt.resource(pages, name=hints.get("resource", hints["table"]), table_name=hints["table"], **given)()
    if "incremental" in hints:
        wanted = hints["incremental"]
        options = {}
        if "boundary_key" in wanted:
            options["primary_key"] = tuple(wanted["boundary_key"])
        if "direction" in wanted:
            options["last_value_func"] = {"max": max, "min": min}[wanted["direction"]]
        if "on_missing" in wanted:
            options["on_cursor_value_missing"] = wanted["on_missing"]
        if "initial_value" in wanted:
            options["initial_value"] = decode(wanted["initial_value"])
        resource.apply_hints(incremental=dlt.sources.incremental(wanted["cursor"], **options))
    return resource


def step_of(step):
    """Processing steps as functions: the same as in rest-source.mjs."""
    kind, spec = next(iter(step.items()))
    if kind == "filter":
        return {"filter": lambda row: row[spec["field"]] > spec["above"]}
    if kind == "map":
        return {"map": lambda row: {**row, **spec["set"]}}
    return {"yield_map": lambda row: ({**row, spec["number"]: number} for number in range(spec["copies"]))}


def rest_source_of(config):
    from dlt.sources.rest_api import rest_api_source

    config = json.loads(json.dumps(config).replace("{url}", os.environ["LADING_COMPAT_REST"]))
    for resource in config["resources"]:
        if isinstance(resource, dict) and "processing_steps" in resource:
            resource["processing_steps"] = [step_of(step) for step in resource["processing_steps"]]
    return rest_api_source(config, name="compat")


def source_of(load, settings):
    if "rest" in load:
        return rest_source_of(load["rest"])
    source = dlt.source(lambda: resource_of(load), name="compat", **settings.get("source", {}))()
    for detection in settings.get("detections", []):
        source.schema.add_type_detection(detection)
    if "preferred_types" in settings:
        source.schema.update_preferred_types(settings["preferred_types"])
    return source


def run_load(pipeline, load, settings):
    try:
        info = pipeline.run(source_of(load, settings))
        info.raise_on_failed_jobs()
        return {"status": "ok", "load_ids": info.loads_ids}
    except Exception as error:  # noqa: BLE001: whatever dlt raises is the outcome
        pipeline.drop_pending_packages()
        text = f"{type(error).__name__}: {error}"
        return {"status": "raises", "error": text if len(text) < 3000 else f"{text[:1000]} ... {text[-2000:]}"}


def target_of(case, folder, url):
    """Destination and dataset; the schema's name is made as in places.mjs."""
    if url is None:
        return dlt.destinations.duckdb(os.path.join(folder, case["id"] + ".duckdb")), "compat"
    return dlt.destinations.postgres(url), "dlt_" + hashlib.sha256(case["id"].encode()).hexdigest()[:16]


def run_case(case, folder, url):
    settings = case.get("settings", {})
    if "naming" in settings:
        os.environ["SCHEMA__NAMING"] = settings["naming"]
    destination, dataset = target_of(case, folder, url)
    pipeline = dlt.pipeline(
        pipeline_name="compat",
        pipelines_dir=os.path.join(folder, "pipelines", case["id"]),
        destination=destination,
        dataset_name=dataset,
    )
    try:
        return [run_load(pipeline, load, settings) for load in case["loads"]]
    finally:
        pipeline.deactivate()
        os.environ.pop("SCHEMA__NAMING", None)


def main(prepared, folder, url=None):
    with open(prepared, encoding="utf-8") as file:
        cases = json.load(file)
    outcomes = {}
    for case in cases:
        outcomes[case["id"]] = run_case(case, folder, url)
        print(case["id"], [outcome["status"] for outcome in outcomes[case["id"]]], file=sys.stderr, flush=True)
    with open(os.path.join(folder, "outcomes.json"), "w", encoding="utf-8") as file:
        json.dump(outcomes, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
