"""A facts file of an OMS of one node, healthy in every respect, for tests that break one thing of it.

The values are those of tests/checks/oms_preset.h: the node is 10.0.0.3, the MetaDB is on 10.0.0.5, and
the wall clock stands at 2022-08-01 02:13:20 UTC in a zone of eight hours.
"""

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NODE = "10.0.0.3"
STORE = NODE + "-7100:p_4223_source-000-0:0000000007"

OWNERS = {"metadb": ("any", "mysql", "metadb")}


def groups_of(endpoint):
    """The groups of facts of an endpoint, in the order of the one list of them."""
    text = (ROOT / "checks" / "core" / "facts.def").read_text(encoding="utf-8")
    owners = OWNERS.get(endpoint, ("any", endpoint))
    return [name for owner, name in re.findall(r"^GROUP\((\w+), (\w+)\)", text, re.MULTILINE)
            if owner in owners]


def table(columns, *rows):
    columns = columns.split()
    filled = [list(row) + [None] * (len(columns) - len(row)) for row in rows]
    return {"columns": columns, "total": len(rows), "rows": filled}


def value(name, text):
    return {"name": name, "text": text}


def endpoint(name, address, facts, statements=None):
    kind = {"metadb": "mysql", "host": "host"}.get(name, "http")
    groups = {group: {"state": "gathered", "statement": (statements or {}).get(group)}
              for group in groups_of(name)}
    return {"kind": kind, "address": address, "tls": None, "local": False, "groups": groups,
            "facts": {fact: value(fact, is_) if isinstance(is_, str) else is_ for fact, is_ in facts.items()},
            "queries": []}


CONFIG = (
    ("oms_meta_host", "10.0.0.5"), ("oms_meta_port", "2883"), ("oms_meta_user", "oms@oms_tenant#obdemo"),
    ("oms_meta_password", "set"), ("drc_rm_db", "oms_rm"), ("drc_cm_db", "oms_cm"),
    ("drc_cm_heartbeat_db", "oms_cm_heartbeat"), ("cm_url", "http://10.0.0.3:8088"), ("cm_location", "100"),
    ("cm_region", "cn-anhui"), ("cm_region_cn", "cn-anhui"), ("cm_is_default", "true"),
    ("cm_nodes", NODE), ("tsdb_enabled", "false"),
)
PROGRAMS = ("nginx", "oms_console", "oms_drc_cm", "oms_drc_supervisor", "sshd")


def metadb():
    return endpoint("metadb", "10.0.0.5:2883", {
        "version": "5.7.25-OceanBase_CE-v4.2.1.8",
        "now": "2022-08-01 10:13:20", "utc": "2022-08-01 02:13:20", "zone_seconds": "28800",
        "ahead_ms": "12", "round_trip_ms": "3",
        "hosts": table("ip host_status resource_group_id", (NODE, "ONLINE", "1")),
        "resource_groups": table("id name", ("1", "100")),
        "clusters": table("region region_cn cm_url code is_default_cm",
                          ("cn-anhui", "cn-anhui", "http://10.0.0.3:8088", "100", "1")),
        "heartbeats": table("task_type host_ip gmt_created gmt_modified age",
                            ("supervisor", NODE, "2022-07-01 09:00:00", "2022-08-01 10:13:17", "3")),
        "sequence": table("id gmt_modified age", ("90210", "2022-08-01 10:13:18", "2")),
        "ha_config": '{"enable":false,"checkHostDownIntervalSec":540}', "ha_down_seconds": "540",
    }, {"hosts": "SELECT ip, host_status, resource_group_id FROM oms_cm.host"})


def host():
    return endpoint("host", "/", {
        "config": table("key value line", *((key, is_, str(i + 1)) for i, (key, is_) in enumerate(CONFIG))),
        "thresholds": table("key value line", ("drcCfg.memUsedPercentThresHold", "0.85", "11"),
                            ("drcCfg.diskUsedPercentThresHold", "0.90", "12"),
                            ("drcCfg.cpuUsedPercentThresHold", "0.85", "13")),
        "own_host_ip": NODE,
        "environments": table("pid program host_ip", ("907", "oms_console", NODE), ("971", "oms_drc_cm", NODE),
                              ("1223", "oms_drc_supervisor", NODE)),
        "addresses": table("interface address", ("lo", "127.0.0.1"), ("eth0", NODE), ("docker0", "172.17.0.1")),
        "cpu": table("used total basis", ("0.21", "16", "/proc/stat")),
        "memory": table("used total basis", ("0.54", "68719476736", "/proc/meminfo")),
        "disks": table("path used total basis", ("/home/ds/store", "0.41", "536870912000", "statvfs"),
                       ("/home/ds/run", "0.41", "536870912000", "statvfs")),
        "ports": table("port address", *((port, "0.0.0.0") for port in ("8084", "8088", "8089", "8090", "9000"))),
        "host_zone_seconds": "28800", "tcp_tw_recycle": None,
        "jvms": table("pid program heap", ("907", "oms_console", "4294967296"), ("971", "oms_drc_cm", "4294967296"),
                      ("1223", "oms_drc_supervisor", "2147483648")),
        "log_codes": table("file line code count"),
        "logs": table("file lines why", ("/home/admin/logs/supervisor/error.log", "0", None)),
    }, {"config": "/home/admin/conf/config.yaml"})


def console():
    return endpoint("console", "http://10.0.0.3:8089", {
        "console_status": "200", "healthy": "true",
        "projects": table("id name type status", ("np_4w3a", "orders", "MIGRATION", "RUNNING")),
        "steps": table("project order name status code message failed_time progress",
                       ("np_4w3a", "1", "INCR_TRANSFER", "MONITORING", None, None, None, "100")),
        "progress": table("project status current_step", ("np_4w3a", "RUNNING", "INCR_TRANSFER")),
        "components": table(
            "project kind name ip status topic subtopic delay checkpoint begin end message",
            ("np_4w3a", "store", STORE, NODE, "ACTIVE", "p_4223_source-000", "p_4223_source-000-0", "2", None,
             "1659233000", "1659319998", None)),
    }, {"health": "GET /oms/health"})


def healthy():
    return {
        "schema": "migdoctor/facts/1", "version": "0.0", "gathered_ms": 1659320000000, "profiles": [],
        "mode": "online", "objects": {"include": [], "exclude": []},
        "oms": {"host_ip": NODE, "checkpoint": 0, "stores": [], "projects": []},
        "endpoints": {
            "metadb": metadb(),
            "cm": endpoint("cm", "http://10.0.0.3:8088", {
                "cm_status": "200",
                "stores": table(
                    "name http success active status err_msg begin end datasource location port role",
                    (STORE, "200", "true", "true", "0", None, "1659233000", "1659319998", "10.0.0.1:3306", "100",
                     "17008", "master")),
                "cm_errors": table("request code message detail"),
            }, {"root": "GET /"}),
            "console": console(),
            "supervisor": endpoint("supervisor", "http://10.0.0.3:9000", {"agent_status": "404"},
                                   {"agent": "GET /"}),
            "supervisord": endpoint("supervisord", "/tmp/supervisor.sock", {
                "programs": table(
                    "name group state statename pid exitstatus spawnerr description start stop now",
                    *((name, name, "20", "RUNNING", str(900 + i), "0", "", "pid 905, uptime 3 days, 5:40:09",
                       "1659000000", "0", "1659320000") for i, name in enumerate(PROGRAMS))),
            }, {"programs": "supervisor.getAllProcessInfo"}),
            "host": host(),
        },
    }


def change(facts, at, fact, where, **cells):
    """Sets cells of the rows whose cells are as `where` says."""
    rows = facts["endpoints"][at]["facts"][fact]
    changed = 0
    for row in rows["rows"]:
        if all(row[rows["columns"].index(column)] == is_ for column, is_ in where.items()):
            changed += 1
            for column, is_ in cells.items():
                row[rows["columns"].index(column)] = is_
    assert changed, f"no row of {fact} has {where}"


def add(facts, at, fact, *row):
    rows = facts["endpoints"][at]["facts"][fact]
    rows["rows"].append(list(row) + [None] * (len(rows["columns"]) - len(row)))
    rows["total"] += 1


def unreached(facts, at, failure="refused", text="Connection refused"):
    """As if nobody answered there."""
    here = facts["endpoints"][at]
    here["facts"] = {}
    for group in here["groups"]:
        here["groups"][group] = {"state": "not-asked"}
    here["groups"]["connect"] = {"state": "failed", "failure": failure, "error": 2002, "sqlstate": "HY000",
                                 "text": text, "statement": None}


def save(facts, folder, name="facts.json"):
    path = Path(folder) / name
    path.write_text(json.dumps(facts), encoding="utf-8")
    return path
