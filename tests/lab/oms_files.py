"""What a simulated OMS keeps: the folder that stands for / of its container, and its MetaDB.

Paths, keys and columns are those of the OMS Community Edition V4.2.2 documentation (deployment on a
single node; OMS logs; parameters of CM, of the Supervisor, of the source plug-in StoreSource; the
FAQ on servers that are down; HA configurations) and of OBD's plugins/oms. What no document says is
marked ASSUMPTION.
"""

import json

HOME = "home/admin"
CONFIG = f"{HOME}/conf/config.yaml"
CM_CONFIG = "home/ds/cm/package/config"
CM_PROPERTIES = f"{CM_CONFIG}/drc-cm.properties"
SUPERVISOR_CONFIG = "home/ds/supervisor/config"
STORE_FOLDER = "home/ds/store/store7100"
LOCATION = 100
REGION = "cn-anhui"

DATABASES = {"rm": "oms_rm", "cm": "oms_cm", "heartbeat": "oms_cm_heartbeat"}

# --- the MetaDB -----------------------------------------------------------------------------------

# The documented columns and no other. ASSUMPTION: their types, save those of heatbeat_sequence.
TABLES = {
    "cm.host": "ip VARCHAR(64), host_status VARCHAR(32), resource_group_id BIGINT",
    "cm.resource_group": "id BIGINT, name VARCHAR(64)",
    "rm.cluster_info": "region VARCHAR(64), region_cn VARCHAR(64), cm_url VARCHAR(255), "
                       "code BIGINT, is_default_cm TINYINT",
    "rm.oms_normal_config": "cfg_name VARCHAR(128), cfg_value TEXT",
    "heartbeat.heart_beat": "task_name VARCHAR(64), task_type VARCHAR(64), host_ip VARCHAR(64), "
                            "gmt_created DATETIME, gmt_modified DATETIME",
    "heartbeat.heatbeat_sequence": "id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, "
                                   "gmt_created DATETIME, gmt_modified DATETIME",
}

# "Modify HA configurations": the default of ha.config.
HA_CONFIG = {
    "enable": False, "enableHost": False, "enableStore": True,
    "perceiveStoreClientCheckpoint": False, "enableConnector": True, "enableJdbcWriter": True,
    "subtopicStoreNumberThreshold": 5, "checkRequestIntervalSec": 600,
    "checkJdbcWriterIntervalSec": 600, "checkHostDownIntervalSec": 540,
    "checkModuleExceptionIntervalSec": 240, "clearAbnormalResourceHours": 72,
    "refetchStoreIntervalMin": 30,
}


def table(name):
    """oms_cm.host for cm.host."""
    database, _, rest = name.partition(".")
    return f"{DATABASES[database]}.{rest}"


def quoted(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def account_statements(user, password):
    """An account that may read the three databases, and nothing else."""
    return [f"CREATE OR REPLACE USER '{user}'@'%' IDENTIFIED BY {quoted(password)}",
            *(f"GRANT SELECT ON {database}.* TO '{user}'@'%'" for database in DATABASES.values())]


def schema_statements():
    """Makes the three databases anew, empty."""
    statements = []
    for database in DATABASES.values():
        statements += [f"DROP DATABASE IF EXISTS {database}",
                       f"CREATE DATABASE {database} CHARACTER SET utf8mb4"]
    return statements + [f"CREATE TABLE {table(name)} ({columns})"
                         for name, columns in TABLES.items()]


def healthy_rows(ips, cm_url):
    """The rows of an OMS that is well, in place of those that are there."""
    ha_config = quoted(json.dumps(HA_CONFIG, separators=(",", ":")))
    statements = [f"DELETE FROM {table(name)}" for name in TABLES]
    statements += [
        # OBD's get_takeover_config.py: the group's name is the region's code.
        f"INSERT INTO {table('cm.resource_group')} VALUES (1, '{LOCATION}')",
        f"INSERT INTO {table('rm.cluster_info')} VALUES ('{REGION}', '{REGION}',"
        f" {quoted(cm_url)}, {LOCATION}, 1)",
        f"INSERT INTO {table('rm.oms_normal_config')} VALUES ('ha.config', {ha_config})",
        f"INSERT INTO {table('heartbeat.heatbeat_sequence')} (gmt_created, gmt_modified)"
        " VALUES (NOW(), NOW())",
    ]
    for ip in ips:
        statements += [
            f"INSERT INTO {table('cm.host')} VALUES ({quoted(ip)}, 'ONLINE', 1)",
            f"INSERT INTO {table('heartbeat.heart_beat')} VALUES"
            f" ('supervisor', 'supervisor', {quoted(ip)}, NOW(), NOW())",
        ]
    return statements


# --- files ----------------------------------------------------------------------------------------


def yaml_text(values):
    """A YAML map, block by block; texts are quoted as JSON, which YAML reads too."""
    lines = []
    for name, value in values.items():
        if isinstance(value, list):
            lines += [f"{name}:", *(f"  - {json.dumps(item)}" for item in value)]
        elif isinstance(value, dict):
            lines += [f"{name}:"]
            lines += [f"  {line}" for line in yaml_text(value).splitlines()]
        else:
            lines.append(f"{name}: {json.dumps(value)}")
    return "\n".join(lines) + "\n"


def config_text(values):
    """config.yaml as people write it: plain scalars wherever they can stand plain."""
    lines = []
    for name, value in values.items():
        if isinstance(value, list):
            lines += [f"{name}:", *(f"  - {item}" for item in value)]
        elif isinstance(value, bool):
            lines.append(f"{name}: {'true' if value else 'false'}")
        elif name.endswith("password") or name.startswith("tsdb_") and isinstance(value, str):
            lines.append(f"{name}: '{value}'")
        else:
            lines.append(f"{name}: {value}")
    return "\n".join(lines) + "\n"


def config_values(oms):
    """The documented example with this lab's values. The five ports are keys of 4.2 (OBD)."""
    return {
        "oms_meta_host": "127.0.0.1", "oms_meta_port": oms.metadb.port,
        "oms_meta_user": oms.meta_user, "oms_meta_password": oms.meta_password,
        "drc_rm_db": DATABASES["rm"], "drc_cm_db": DATABASES["cm"],
        "drc_cm_heartbeat_db": DATABASES["heartbeat"],
        "cm_url": oms.cm_url, "cm_location": LOCATION, "cm_region": REGION,
        "cm_region_cn": REGION, "cm_is_default": True, "cm_nodes": list(oms.ips),
        "tsdb_service": "INFLUXDB", "tsdb_enabled": False, "tsdb_url": "127.0.0.1:8086",
        "tsdb_username": "influx", "tsdb_password": oms.tsdb_password,
        "ghana_server_port": oms.ports["ghana"], "nginx_server_port": oms.ports["console"],
        "cm_server_port": oms.ports["cm"], "supervisor_server_port": oms.ports["agent"],
        "sshd_server_port": oms.ports["sshd"],
    }


# The documented limits are 0.85, 0.90 for disks and 0.85. Here the machine that runs the tests is the
# OMS's host, and how busy that is must not make it ill: a test that wants a limit passed sets it.
CM_LIMITS = """\
drcCfg.memUsedPercentThresHold={memory}
drcCfg.diskUsedPercentThresHold={disk}
drcCfg.cpuUsedPercentThresHold={cpu}
drcCfg.cmLocation={location}
drcCfg.inCommandPatternFlag=true
drcCfg.processReportEnable=true
"""



def limits_text(cpu=1.0, memory=1.0, disk=1.0):
    return CM_LIMITS.format(cpu=cpu, memory=memory, disk=disk, location=LOCATION)


# ASSUMPTION: the keys of jdbc.properties; known is that it holds the MetaDB's connection.
CM_JDBC = """\
jdbc.url=jdbc:mysql://127.0.0.1:{port}/{database}
jdbc.username={user}
jdbc.password={password}
"""

# "OMS logs", and obdiag's list of them.
LOGS = {
    f"{HOME}/logs/ghana/Ghana": (
        "common-default.log", "common-error.log", "oms-scheduler.log", "oms-step.log",
        "oms-api.log", "database.log", "meta-db.log", "oms-web.log", "oms-alarm.log", "dbcat.log",
        "oms-integration.log"),
    f"{HOME}/logs/cm/log": ("service.log", "cm-web.log", "dao-digest.log", "logs.log"),
    f"{HOME}/logs/supervisor": (
        "error.log", "legacy.log", "routine.log", "supervisor.log", "command.log", "monitor.log"),
    f"{HOME}/logs": (
        "supervisord.log", "tengine-access.log", "tengine-error.log",
        *(f"{program}_{stream}.log" for stream in ("stdout", "stderr")
          for program in ("oms_console", "oms_drc_cm", "oms_drc_supervisor", "oms_nginx"))),
    f"{STORE_FOLDER}/log": ("store.log", "congo.log", "libobcdc.log", "connector/connector.log"),
}
# What stands in those of them that are not empty. The form of the first was observed, those of the
# others are an ASSUMPTION.
LINES = {
    "oms-integration.log":
        "2026-01-05 00:15:28.156 [INFO] - [lab] [GET] [http://127.0.0.1:8088] [/] [200] [2] []\n",
    "common-default.log": "2026-01-05 00:15:28.156 [INFO] - started\n",
    "service.log": "2026-01-05 00:15:28.156 [INFO] - started\n",
    "supervisor.log": "2026-01-05 00:15:28.156 [INFO] - started\n",
}


def supervisor_values(oms):
    """supervisor.json: documented names, with their defaults."""
    return {"bindIp": oms.host_ip, "cmAddr": oms.cm_url, "diskPaths": "/home/ds/store;/home/ds/run",
            "enableHostStatusJob": True, "enableReportCm": True, "samplingMetricsIntervalSec": 10,
            "leaseTimeSec": 300, "enableMetrics": False, "checkfileLatency": 60}


def component_files(oms):
    """The four files of a connector. source.json is that of StoreSource: the keys of checkpoint,
    itself a text of JSON, are those of clients, for which a subtopic is recommended."""
    subtopic = oms.subtopic
    parts = {
        "coordinator": {"taskIdentity": oms.project_id, "taskSubId": 1, "sourceType": "MYSQL",
                        "sinkType": "OB_MYSQL", "timezone": "+08:00",
                        "connectorJvmParam": "-server -Xms2g -Xmx2g -Xmn1g -Xss512k"},
        "condition": {"whiteCondition": [{"name": "shop", "map": "shop", "all": True}]},
        "source": {"clients": [{"clientId": subtopic, "subtopic": subtopic,
                                "clusterManagerUrl": oms.cm_url}],
                   "checkpoint": json.dumps({subtopic: "1676286000"}), "dbType": "MYSQL",
                   "username": "mig", "password": oms.source_password},
        "sink": {"jdbcUrl": "jdbc:oceanbase://10.0.0.2:2883/shop", "username": "mig",
                 "password": oms.sink_password, "timezone": "+08:00", "workerNum": 8},
    }
    folder = f"home/ds/run/{oms.connector_name}"
    files = {f"{folder}/conf/{name}.json": json.dumps(part, indent=2) + "\n"
             for name, part in parts.items()}
    return {**files, f"{folder}/logs/connector.log": "", f"{folder}/logs/error.log": ""}


def root_files(oms):
    """Every file of the folder that stands for the container's /: path and text."""
    files = {f"{folder}/{name}": LINES.get(name, "")
             for folder, names in LOGS.items() for name in names}
    files[CONFIG] = config_text(config_values(oms))
    files[CM_PROPERTIES] = limits_text()
    files[f"{CM_CONFIG}/jdbc.properties"] = CM_JDBC.format(
        port=oms.metadb.port, database=DATABASES["cm"], user=oms.meta_user,
        password=oms.meta_password)
    files[f"{SUPERVISOR_CONFIG}/supervisor.json"] = \
        json.dumps(supervisor_values(oms), indent=2) + "\n"
    # Read for CM's URL by the documented awk line.
    files["home/ds/supervisor/package/config/drc.properties"] = f"cm.url = {oms.cm_url}\n"
    # ASSUMPTION: its form; these two keys are known.
    files[f"{STORE_FOLDER}/conf/crawler.conf"] = (
        f"subTopic={oms.subtopic}\nsubId={oms.store_name.rpartition(':')[2]}\n")
    return {**files, **component_files(oms)}


def write_root(root, files):
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", errors="surrogateescape")


# --- supervisord ----------------------------------------------------------------------------------

SUPERVISORD = """\
[supervisord]
nodaemon=true
silent=true
logfile={folder}/log/supervisord.log
pidfile={folder}/supervisord.pid
childlogdir={folder}/log
minfds=256
minprocs=16
{user}
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface

[unix_http_server]
file={socket}
chmod=0700
{unix_login}
[inet_http_server]
port=127.0.0.1:{port}
{inet_login}
[include]
files={folder}/conf.d/*.ini
"""


def login_lines(user, password):
    return f"username={user}\npassword={password}\n" if user else ""


def program_ini(name, values):
    return f"[program:{name}]\n" + "".join(f"{key}={value}\n" for key, value in values.items())
