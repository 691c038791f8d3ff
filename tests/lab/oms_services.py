#!/usr/bin/env python3
"""The programs of a simulated OMS: CM, console, Supervisor agent, and one that only listens.

    tests/lab/oms_services.py SETTINGS.json ROLE...

runs these roles in one process until it is ended. oms.py starts it; what an answer looks like, and
where that is documented, stands with each role. What no document says is marked ASSUMPTION.
"""

import json
import os
import re
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import protocol  # noqa: E402 (found beside this file)
from oms_console import Console, split_name, unix  # noqa: E402
from oms_http import Answer, Service, json_answer, page, select, socket  # noqa: E402

BEAT_SECONDS = 1.0
# Who writes to the heartbeat's tables, agent or test, holds this lock of the MetaDB.
TAKE_LOCK = "DO GET_LOCK('heartbeat', 10)"
DROP_LOCK = "DO RELEASE_LOCK('heartbeat')"
SEQUENCE = re.compile(r"(.*:)(\d{10})")


# --- CM -------------------------------------------------------------------------------------------


class Refused(Exception):
    """CM says isSuccess false; the text is its errMsg."""


def flag(query, name):
    return query.get(name, "false").lower() == "true"


class Cm(Service):
    """CM's port (8088). GET / answers 200, as its console is seen to ask (observed in logs of
    4.2.0). /connector/task/v2/* is that of the OMS documentation, "CLI-based O&M for the Connector
    component" (V4.2.8); /crawler/* that of "O&M operations for the Store component" (V4.2.2,
    1100.o-m-guide/300.o-m-components/300.o-m-store.md)."""

    name = "cm"
    default = {"stores": {}, "connectors": {}}

    def is_write(self, method, path, query):
        # The console is seen to send GET /crawler/restore, and GET /connector/task/migrate is the
        # form of 4.0: the method does not tell.
        del query
        return method not in ("GET", "HEAD") or path.rpartition("/")[2] in (
            "clear", "restore", "destroy", "migrate", "startByName", "stopByName", "updateByName",
            "resume", "stop", "update", "delete", "start", "clean")

    def refusal(self, code, message, detail=None, status=200):
        """ASSUMPTION: a refusal has the envelope of the connector's answers, and HTTP status 200.
        None is printed anywhere; only the names of its fields are."""
        return json_answer({"errCode": code, "errMsg": message, "errorDetail": detail,
                            "isSuccess": False, "result": None, "retryable": False}, status)

    def respond(self, request):
        if request.path == "/" and request.method in ("GET", "HEAD"):
            # ASSUMPTION: its body; 200 is all that was observed.
            return Answer(200, b"", "text/html")
        if request.path == "/crawler/detail" and request.method == "GET":
            return self.crawler_detail(request.query.get("crawler"))
        if request.path in ("/crawler/clear", "/crawler/restore", "/crawler/destroy"):
            return json_answer({"isSuccess": True})  # ASSUMPTION: recorded, and nothing is done
        verb = request.path.removeprefix("/connector/task/v2/")
        if verb not in VERBS or verb == request.path:
            return page(404, "Error 404 Not Found", "Jetty")  # ASSUMPTION
        if request.method != "POST":
            return page(405, "Error 405 Method Not Allowed", "Jetty")  # ASSUMPTION
        return self.connector(VERBS[verb], request)

    # Stores.

    def crawler_detail(self, name):
        spec = self.state.read()["stores"].get(name)
        if spec is None:
            # ASSUMPTION: how an unknown store is refused.
            return self.refusal(None, f"no such crawler: {name}")
        return json_answer({"crawler": crawler(name, spec), "isSuccess": True})

    # Connectors.

    def connector(self, act, request):
        try:
            with self.state.change() as data:
                task = request.query.get("taskName", "")
                if task not in data["connectors"]:
                    raise Refused(f"no such task: {task}")
                result = act(data["connectors"], task, request)
        except Refused as refused:
            return self.refusal(None, str(refused))
        return json_answer({"errCode": None, "errMsg": None, "errorDetail": None,
                            "isSuccess": True, "result": result, "retryable": None})


def resume(connectors, task, request):
    connector = connectors[task]
    connector["state"] = "running"
    connector["resumes"].append({"pullBackFlag": flag(request.query, "pullBackFlag"),
                                 "restartFlag": flag(request.query, "restartFlag")})
    return task


def stop(connectors, task, _request):
    connectors[task]["state"] = "stopped"
    return task


def update(connectors, task, request):
    """Documented: only of a stopped or abnormal connector; deleteParams is scope.key,scope.key; the
    body is {scope: {key: value}}. The documented pullback deletes source.checkpoint and sets it in
    one request, so deletion comes first."""
    connector = connectors[task]
    if connector["state"] not in ("stopped", "abnormal"):
        raise Refused(f"the task is {connector['state']}, and must be stopped")
    changes = read_changes(request.body)
    for name in filter(None, request.query.get("deleteParams", "").split(",")):
        scope, _, key = name.partition(".")
        connector["config"].get(scope, {}).pop(key, None)
    for scope, values in changes.items():
        connector["config"].setdefault(scope, {}).update(values)
    return task


def read_changes(body):
    """Map<String, Map<String, String>>. ASSUMPTION: anything else is refused."""
    try:
        changes = json.loads(body or b"{}")
    except ValueError as problem:
        raise Refused("the body is no JSON") from problem
    if not isinstance(changes, dict) or not all(
            isinstance(values, dict) and all(isinstance(value, str) for value in values.values())
            for values in changes.values()):
        raise Refused("the body is no map of maps of strings")
    return changes


def migrate(connectors, task, request):
    """Documented: the answer is the new name, whose sequence number is one more. ASSUMPTION: the
    address in the name becomes that of the new server."""
    match = SEQUENCE.fullmatch(task)
    if match is None:
        raise Refused("the name has no sequence number")
    name = f"{match[1]}{int(match[2]) + 1:010d}"
    if request.query.get("ip"):
        address, _, rest = name.partition(":")
        name = f"{request.query['ip']}-{address.rpartition('-')[2]}:{rest}"
    connectors[name] = connectors.pop(task)
    return name


def delete(connectors, task, _request):
    del connectors[task]
    return task


VERBS = {"resume": resume, "stop": stop, "update": update, "migrate": migrate, "delete": delete}


def crawler(name, spec):
    """The documented object, field by field. `spec` holds what differs."""
    _address, subtopic, sequence = split_name(name)
    source = "10.0.0.1:3306"
    started = (f"[Fri Sep 16 10:24:07 2022] DRC_500:Store {subtopic}.{sequence} "
               "started successfully\n")
    return {"active": True, "cfg": "",
            "checkpoints": [[checkpoint(source, unix(spec["begin"])),
                             checkpoint(source, unix(spec["end"]))]],
            "datasource": source, "errMsg": started, "location": "100", "name": name,
            "port": 17008, "role": "master", "status": 0, "userData": "",
            **spec.get("fields", {})}


def checkpoint(source, timestamp):
    host, _, port = source.partition(":")
    number = int.from_bytes(bytes(map(int, host.split("."))), "big")
    return {"checkpoint": f"{source}:{timestamp}:0:{timestamp}:1", "dataSource": source,
            "dbIp": number, "dbIpString": host, "dbPort": int(port), "fileIdx": timestamp,
            "gmt": None, "msgId": 1, "offset": 0, "timestamp": timestamp}


# --- the Supervisor agent -------------------------------------------------------------------------


class Agent(Service):
    """The agent's port (9000): a Tomcat without a page to read. Its heartbeat goes on beside."""

    name = "agent"
    default = {"beats": True}

    def __init__(self, folder, addresses, settings):
        super().__init__(folder, addresses)
        self.metadb = settings["metadb_socket"]
        self.databases = settings["databases"]
        # ASSUMPTION: without OMS_HOST_IP the agent reports nobody's heartbeat. Documented is only
        # that a heartbeat that is missing or another host's means a wrong OMS_HOST_IP.
        self.host_ip = os.environ.get("OMS_HOST_IP")

    def is_write(self, method, path, query):
        del query
        return method not in ("GET", "HEAD") or path == "/operateService"

    def refusal(self, code, message, detail=None, status=200):
        return json_answer({"code": code, "message": message, "status": "error",
                            "resultData": None, "errorDetail": detail}, status)  # ASSUMPTION

    def respond(self, request):
        if request.path == "/operateService" and request.method == "POST":
            # Observed in CM's log of 4.2.0. A diagnosis must never send it.
            return json_answer({"code": 200, "message": "success", "status": "ok",
                                "resultData": None, "errorDetail": None})
        # ASSUMPTION: no path to read is known; Tomcat's own page stands for them all.
        return page(404, "HTTP Status 404 - Not Found", "Type Status Report")

    def serve_forever(self):
        # The first beat comes before the first answer: who is answered finds the heartbeat fresh.
        client = self.beat_once(None)
        threading.Thread(target=self.beat, args=(client,), daemon=True).start()
        super().serve_forever()

    def beat(self, client):
        while True:
            time.sleep(BEAT_SECONDS)
            client = self.beat_once(client)

    def beat_once(self, client):
        """Writes a beat; returns the connection for the next one, None where there is none."""
        if not self.host_ip or not self.state.read()["beats"]:
            return client
        try:
            client = client or protocol.Client(self.metadb, timeout=5)
            write_beat(client, self.databases, self.host_ip, lambda: self.state.read()["beats"])
            return client
        except (OSError, protocol.ServerError):
            # The MetaDB is away, or a test has taken a table: the next beat tries again.
            if client is not None:
                client.close()
            return None


def write_beat(client, databases, host_ip, is_wanted):
    """A beat, unless it is not wanted any more once nobody else is at the tables."""
    client.query(TAKE_LOCK)
    if is_wanted():
        client.query(beat_statements(databases, host_ip))
    client.query(DROP_LOCK)


def beat_statements(databases, host_ip):
    """The rows of the OMS V4.2.2 documentation, FAQ on servers that are down: task_name and
    task_type are supervisor, host_status is ONLINE. ASSUMPTION: who writes heatbeat_sequence."""
    beat = f"{databases['heartbeat']}.heart_beat"
    sequence = f"{databases['heartbeat']}.heatbeat_sequence"
    mine = f"task_name = 'supervisor' AND host_ip = '{host_ip}'"
    return ";".join((
        f"UPDATE {beat} SET gmt_modified = NOW() WHERE {mine}",
        f"INSERT INTO {beat} SELECT 'supervisor', 'supervisor', '{host_ip}', NOW(), NOW()"
        f" FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM {beat} WHERE {mine})",
        f"UPDATE {databases['cm']}.host SET host_status = 'ONLINE' WHERE ip = '{host_ip}'",
        f"INSERT INTO {sequence} (gmt_created, gmt_modified) VALUES (NOW(), NOW())",
    ))


# --- roles ----------------------------------------------------------------------------------------


class Listener:
    """A port on which somebody listens (sshd): every caller is hung up on."""

    def __init__(self, addresses):
        self.listeners = [socket.create_server(tuple(address)) for address in addresses]

    def serve_forever(self):
        while True:
            for listener in select.select(self.listeners, [], [])[0]:
                listener.accept()[0].close()


def make(role, settings):
    addresses = settings["addresses"][role]
    if role == "cm":
        return Cm(settings["state"], addresses)
    if role == "console":
        return Console(settings["state"], addresses)
    if role == "agent":
        return Agent(settings["state"], addresses, settings)
    return Listener(addresses)


def main():
    settings = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    services = [make(role, settings) for role in sys.argv[2:]]
    for service in services[1:]:
        threading.Thread(target=service.serve_forever, daemon=True).start()
    services[0].serve_forever()


if __name__ == "__main__":
    main()
