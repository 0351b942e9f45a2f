"""Runs dlt for the suite: a command a line on stdin as JSON, an answer a line on stdout."""

import contextlib
import io
import json
import logging
import os
import re
import shutil
import sys
import traceback
import warnings

answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", buffering=1)
sys.stdout = sys.stderr
os.environ.update({"RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "WARNING", "DO_NOT_TRACK": "1"})

import dlt  # noqa: E402
from dlt.common.schema import Schema  # noqa: E402
from dlt.common.schema.utils import generate_version_hash  # noqa: E402
from dlt.sources.rest_api import rest_api_source  # noqa: E402
from dlt._workspace.cli._pipeline_command import pipeline_command  # noqa: E402


class Complaints(logging.Handler):
    """Keeps what dlt logs from warnings on."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(f"{record.levelname}: {record.getMessage()}")


complaints = Complaints()
# dlt takes the handler that its logger has.
logging.getLogger("dlt").addHandler(complaints)


def destination_of(place):
    make = {
        "duckdb": dlt.destinations.duckdb,
        "postgres": dlt.destinations.postgres,
        "filesystem": dlt.destinations.filesystem,
    }[place["type"]]
    return make(place["address"])


def run(command):
    """One run of a pipeline, as a script would make it; its working directory is as it was left."""
    place = command["place"]
    pipeline = dlt.pipeline(
        command["pipeline"],
        pipelines_dir=command["pipelines_dir"],
        destination=destination_of(place),
        dataset_name=command["dataset"],
    )
    source = rest_api_source(command["config"], name=command["source"], **command.get("options", {}))
    info = pipeline.run(source, loader_file_format=place.get("format"))
    info.raise_on_failed_jobs()
    return {"load_ids": info.loads_ids}


def read(command):
    """What dlt's own readers make of a dataset, from an empty working directory."""
    place = command["place"]
    folder = command["pipelines_dir"]
    destination = destination_of(place)
    pipeline = dlt.attach(command["pipeline"], pipelines_dir=folder, destination=destination, dataset_name=command["dataset"])
    # Nothing is left to be brought in.
    pipeline.sync_destination()
    dataset = pipeline.dataset()
    tables = {}
    for name in sorted(t for t in dataset.tables if not t.startswith("_dlt")):
        tables[name] = table_of(dataset, name)
    loads = dataset.loads_table().arrow()
    found = {
        "row_counts": dict(sorted(dataset.row_counts(table_names=[name for name in tables if "rows" in tables[name]]).fetchall())),
        "tables": tables,
        "loads": sorted({f"{row['schema_name']} {row['status']}" for row in loads.to_pylist()}),
        "latest": dataset.latest_load_id() == max(loads.column("load_id").to_pylist()),
        "schemas": sorted(pipeline.schemas.keys()),
        "packages": pipeline.list_completed_load_packages() + pipeline.list_normalized_load_packages(),
        "info": info_of(command["pipeline"], folder),
    }
    shutil.rmtree(folder)
    return found


def table_of(dataset, name):
    """A table as arrow. dlt cannot read tables that have no file."""
    try:
        table = dataset[name].arrow()
    except Exception as error:
        return type(error).__name__
    fields = {field.name: str(field.type) for field in table.schema}
    return {"rows": table.num_rows, "columns": dict(sorted(fields.items()))}


LOCAL = ("initial_cwd", "last_run_context", "_last_extracted", "_version_hash", "_state_version")


def info_of(pipeline, folder):
    """What `dlt pipeline NAME info` prints, without what belongs to the machine and the moment."""
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        pipeline_command("info", pipeline, folder, 1)
    lines = re.sub(r"\x1b\[[0-9;]*m", "", text.getvalue()).replace(folder, "").split("\n")
    # The state of sources is compared as it is stored.
    if "sources:" in lines:
        del lines[lines.index("sources:") : lines.index("Local state:")]
    # Keys of the state come in the order in which they were stored.
    return sorted(line for line in lines if line and not line.startswith(LOCAL))


def check_schema(command):
    """How dlt takes a stored schema: the hash it computes, and whether reading it raises its version."""
    stored = json.loads(command["schema"])
    schema = Schema.from_stored_schema(json.loads(command["schema"]))
    return {
        "hash": generate_version_hash(stored),
        "is_same": (schema.version, schema.version_hash) == (stored["version"], stored["version_hash"]),
    }


COMMANDS = {"run": run, "read": read, "check_schema": check_schema}

for line in sys.stdin:
    command = json.loads(line)
    complaints.texts = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            answer = {"result": COMMANDS[command["command"]](command)}
        except Exception:
            answer = {"error": traceback.format_exc()}
    told = [f"{w.category.__name__}: {w.message}" for w in caught if "dlt" in f"{w.category.__name__} {w.message}".lower()]
    answers.write(json.dumps({**answer, "complaints": complaints.texts + told}) + "\n")
