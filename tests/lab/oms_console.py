"""The simulated console of an OMS (port 8089 of a real one), and what a test says of its projects.

Fields, names and types are those of the OMS Community Edition V4.2.2 documentation, reference
guide, API reference: ListProjects, DescribeProject, DescribeProjectSteps, DescribeProjectProgress,
DescribeProjectComponents. /oms/health is that of OBD (obdeploy, plugins/oms/1.0.0/health_check.py).
What no document says is marked ASSUMPTION.

    o.set_projects([
        oms_console.project("np_4w3lab", status="FAILED", steps=oms_console.migration_steps(
            failed="FULL_TRANSFER", code="CONNECTOR-SIOO00000942", message="table not existed")),
        oms_console.project("np_4w4lab", status="RUNNING",
                            stores=[oms_console.store(NAME, delay=4000)]),
    ])

A time may be {"ago": SECONDS}: it is reckoned anew for each answer.
"""

import base64
import json
import time

from oms_http import Answer, Service, json_answer

# --- times ----------------------------------------------------------------------------------------


def ago(seconds):
    """A time that stays this far behind the clock; negative ones are ahead of it."""
    return {"ago": seconds}


def unix(value):
    """A time as Unix seconds."""
    return int(time.time() - value["ago"]) if isinstance(value, dict) else value


def iso(value):
    """A time as the API prints it, in UTC and without a zone."""
    if not isinstance(value, (dict, int)):
        return value
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(unix(value)))


# --- what a test says -----------------------------------------------------------------------------

# DescribeProjectSteps prints these, in this order.
STEPS = {
    "TRANSFER_PRECHECK": "Precheck",
    "STRUCT_TRANSFER": "Schema migration",
    "TRANSFER_INCR_LOG_PULL": "Pull incremental logs synchronously",
    "FULL_TRANSFER": "Full migration",
    "INDEX_TRANSFER": "Index migration",
    "INCR_TRANSFER": "Incremental synchronization",
    "FULL_VERIFIER": "Full verification",
    "TRANSFER_APP_SWITCH": "Forward switchover",
    "REVERSE_INCR_TRANSFER": "Reverse incremental synchronization",
}


def step(name, status="FINISHED", code=None, message=None, failed_time=None, **fields):
    """One step. ASSUMPTION: the status of a failed one is FAILED (INIT, FINISHED and MONITORING
    are printed), and failedTime has the form of the other times."""
    begun = status != "INIT"
    extra = {"errorDetails": None, "errorCode": code, "errorMsg": message, "errorParam": None,
             "failedTime": failed_time or (ago(60) if code else None)}
    return {"name": name, "description": STEPS.get(name, name), "status": status,
            "extraInfo": {**extra, **fields.pop("extraInfo", {})},
            "startTime": ago(7200) if begun else None,
            "finishTime": ago(7100) if begun else None,
            "progress": fields.pop("progress", 100 if begun else 0),
            "stepInfo": fields.pop("stepInfo", None), **fields}


def migration_steps(failed=None, code=None, message=None, running="INCR_TRANSFER", **fields):
    """The nine steps of a migration. What stands before the one that failed or is being watched
    is finished, what stands behind it is not begun."""
    current = failed or running
    status, found = "FINISHED", []
    for name in STEPS:
        if name != current:
            found.append(step(name, status))
            continue
        if failed:
            found.append(step(name, "FAILED", code, message, progress=40, **fields))
        else:
            found.append(step(name, "MONITORING", **fields))
        status = "INIT"
    return found


def store(name, status="ACTIVE", delay=1, **fields):
    """A Store, of the name {ip}-{port}:{subtopic}:{seq}."""
    address, subtopic, _sequence = split_name(name)
    return {"name": name, "ip": address.rpartition("-")[0], "region": "cn-anhui",
            "topic": subtopic.rpartition("-")[0], "subtopic": subtopic, "tps": 0, "delay": delay,
            "gmt": ago(2), "conn": 1, "status": status, "errorDetails": None, "toSwitch": False,
            "port": 3306, "storePort": 17008, "beginCheckpoint": ago(3600),
            "endCheckpoint": ago(delay), "config": None, "errMsg": None, "gmtCreate": ago(7200),
            "gmtModified": ago(2), "latelyHeartbeatTimeSec": ago(2), **fields}


def incr_sync(name, status="ACTIVE", delay=1, subtopics=None, **fields):
    """An Incr-Sync component: {ip}-9000:connector_v2:{project}-incr_trans-1-0:{seq}.
    ASSUMPTION: checkpoint has the form of the other times (the table calls it a string in UTC, and
    no sample has one)."""
    address, middle, _sequence = split_name(name)
    return {"region": "cn-anhui", "name": name, "ip": address.rpartition("-")[0],
            "identity": middle.partition(":")[2].partition("-")[0], "subtopics": subtopics,
            "status": status, "checkpoint": ago(delay), "tps": 12, "delay": delay,
            "checkpointSampleTimestamp": ago(2), "config": None, "gmtCreate": ago(7200),
            "gmtModify": ago(2), "errorDetails": None, **fields}


def full_import(name, status="FINISHED", progress=100, **fields):
    """A Full-Import component: {ip}-9000:connector_v2:{project}-full_trans-1-0:{seq}."""
    address, middle, _sequence = split_name(name)
    return {"region": "cn-anhui", "name": name, "ip": address.rpartition("-")[0],
            "identity": middle.partition(":")[2].partition("-")[0], "progress": progress,
            "status": status, "config": None, "gmtCreate": ago(7200), "gmtModify": ago(7100),
            "errorDetails": None, **fields}


def full_verify(name, status="FINISHED", **fields):
    """A Full-Verification component."""
    address = name.partition(":")[0]
    return {"region": "cn-anhui", "name": name, "inconsistentQuantity": 0,
            "consistentQuantity": 1000, "progress": "100", "recordProgress": 100, "status": status,
            "errorDetails": None, "ip": address.rpartition("-")[0], "taskId": 1, "config": None,
            **fields}


def split_name(name):
    """{ip}-{port}, what stands between, and the sequence number of a component's name."""
    address, _, rest = name.partition(":")
    middle, _, sequence = rest.rpartition(":")
    return address, middle, sequence


def project(project_id="np_4w3lab", status="RUNNING", kind="MIGRATION", steps=None, stores=(),
            reverse_stores=(), full_verifies=(), full_imports=(), incr_syncs=(),
            reverse_incr_syncs=(), progress=None, **fields):
    """A project as the console knows it. `fields` are those of DescribeProject, `progress` those
    of DescribeProjectProgress that shall differ."""
    return {
        "id": project_id, "status": status, "type": kind,
        "steps": migration_steps() if steps is None else list(steps),
        "components": {"storeList": list(stores), "reverseStoreList": list(reverse_stores),
                       "fullVerifyComponents": list(full_verifies),
                       "fullImportComponents": list(full_imports),
                       "incrSyncComponents": list(incr_syncs),
                       "reverseIncrSyncComponents": list(reverse_incr_syncs)},
        "progress": progress or {}, "fields": fields,
    }


# --- what the console says ------------------------------------------------------------------------

# Which fields are printed as times, and which as Unix seconds.
ISO_FIELDS = {"startTime", "finishTime", "failedTime", "beginCheckpoint", "endCheckpoint",
              "checkpoint", "gmtCreate", "gmtModified", "gmtModify", "gmtStart", "gmtFinish"}


def timed(value, name=None):
    """The value with its {"ago": SECONDS} reckoned."""
    if isinstance(value, dict):
        if set(value) == {"ago"}:
            return iso(value) if name in ISO_FIELDS else unix(value)
        return {key: timed(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [timed(inner, name) for inner in value]
    return value


def numbered(found):
    return [{"order": at, **one} for at, one in enumerate(found, 1)]


def endpoint(engine, host, port):
    """sourceConnectInfo, sinkConnectInfo."""
    return {"id": "c_4w3lab", "endpointName": engine.lower(), "endpointId": "e_4w3lab",
            "endpointSide": None, "dbEngine": engine, "connectionInfo": None, "username": "mig",
            "version": "5.7.27-log", "timezone": "+08:00", "charset": "utf8mb4",
            "nlsLengthSemantics": None, "operatingSystem": None, "region": "cn-anhui",
            "ocpName": None, "connExtraAttributes": None, "owner": "lab", "host": host,
            "port": port}


def describe(spec):
    """DescribeProject, and an item of ListProjects."""
    return {
        "id": spec["id"], "type": spec["type"], "name": f"lab_{spec['id']}", "labels": [],
        "owner": "lab", "importance": "LOW", "status": spec["status"], "gmtCreate": ago(9000),
        "gmtModified": ago(60), "gmtStart": ago(7200), "gmtFinish": None, "destConnId": None,
        "isMerging": False, "isModifying": False, "isSubProject": False,
        "sourceEndpointType": "MYSQL", "sinkEndpointType": "OB_MYSQL",
        "transferMapping": {"mode": "SPECIFIC", "databases": []},
        "commonTransferConfig": None, "enableStructTransfer": True, "structTransferConfig": None,
        "enableFullTransfer": True, "enableFullVerify": True, "fullTransferConfig": None,
        "enableIncrTransfer": True, "enableIncrVerify": False, "enableReverseIncrTransfer": False,
        "incrTransferConfig": None,
        "sourceConnectInfo": endpoint("MYSQL_PUBLIC", "10.0.0.1", 3306),
        "sinkConnectInfo": endpoint("OB_MYSQL_PUBLIC", "10.0.0.2", 2883),
        "steps": numbered(spec["steps"]),
        "extraInfo": {"errorDetails": None, "errorCode": None, "errorMsg": None,
                      "errorParam": None, "failedTime": None},
        "alarmStats": {"target": None, "alarming": False, "recentlyTriggerCount": None,
                       "ruleToRecentlyTriggerCount": None, "alarmContent": None},
        **spec["fields"],
    }


def current_step(spec):
    for one in spec["steps"]:
        if one["status"] not in ("INIT", "FINISHED"):
            return one["name"]
    return spec["steps"][-1]["name"] if spec["steps"] else None


def describe_progress(spec):
    """ASSUMPTION: currentStep is the name of a step as DescribeProjectSteps has it (the sample
    prints "PRE_CHECK", which is none of those)."""
    return {"projectId": spec["id"], "status": spec["status"], "alarmLevel": "LOW",
            "enableIncrSync": True, "currentStep": current_step(spec),
            "incrSyncCheckpoint": ago(1), "enableStructTransfer": True, "enableFullTransfer": True,
            "structTransferProgress": 100, "fullTransferProgress": 100,
            "enableReverseIncrTransfer": False, "reverseIncrTransferCheckpoint": None,
            **spec["progress"]}


def describe_components(spec):
    """The samples print null for a kind of which there is none."""
    return {kind: found or None for kind, found in spec["components"].items()}


DESCRIBERS = {
    "DescribeProject": describe,
    "DescribeProjectSteps": lambda spec: numbered(spec["steps"]),
    "DescribeProjectProgress": describe_progress,
    "DescribeProjectComponents": describe_components,
}


def envelope(number, data, **fields):
    return {"success": True, "errorDetail": None, "code": None, "message": None, "advice": None,
            "requestId": f"lab-{number:08d}", "pageNumber": None, "pageSize": None,
            "totalCount": None, "cost": "4 ms", "data": data, **fields}


def wanted(spec, body):
    """Whether ListProjects shows this project. Its table calls status a string and its sample
    sends a list: both are taken."""
    item = describe(spec)
    status = body.get("status")
    states = [status] if isinstance(status, str) else status
    key = body.get("searchKey") or ""
    return ((not states or item["status"] in states)
            and (not body.get("type") or item["type"] == body["type"])
            and (key in item["id"] or key in item["name"])
            and (bool(body.get("visibleSubProject")) or not item["isSubProject"]))


class Console(Service):
    """GET /oms/health without a sign-in, and POST /api/v2?Action=X with Basic authentication."""

    name = "console"
    default = {"user": "", "password": "", "healthy": True, "projects": [], "as_printed": False}

    def is_write(self, method, path, query):
        if method in ("GET", "HEAD"):
            return False
        return path != "/api/v2" or not query.get("Action", "").startswith(("List", "Describe"))

    def refusal(self, code, message, detail=None, status=200):
        """ASSUMPTION: an error has the envelope with success false; no error body is printed."""
        body = envelope(self.requests, None, success=False, code=code, message=message,
                        errorDetail=detail)
        return json_answer(body, status)

    def respond(self, request):
        state = self.state.read()
        if request.path == "/oms/health" and request.method in ("GET", "HEAD"):
            # Only data.healthy is known of it; no sign-in is asked for.
            return json_answer({"data": {"healthy": state["healthy"]}})
        if request.path != "/api/v2":
            return self.refusal(None, "no such page", status=404)  # ASSUMPTION
        if request.header("Authorization") != basic(state["user"], state["password"]):
            # ASSUMPTION: HTTP status and body of a refused sign-in are not documented.
            return Answer(401, b'{"success":false,"message":"Unauthorized"}',
                          headers=(("WWW-Authenticate", 'Basic realm="OMS"'),))
        if request.method != "POST":
            return self.refusal(None, "POST only", status=405)  # ASSUMPTION
        if request.write:
            # A diagnosis never sends one: it is recorded, and nothing is changed.
            return self.refusal(None, "the lab changes no project")
        return self.read_action(request, state)

    def read_action(self, request, state):
        action = request.query.get("Action")
        try:
            body = json.loads(request.body or b"{}")
        except ValueError:
            return self.refusal(None, "the body is no JSON", status=400)  # ASSUMPTION
        if action == "ListProjects":
            return self.list_projects(state, body)
        if action not in DESCRIBERS:
            return self.refusal(None, f"no such action: {action}")  # ASSUMPTION
        for spec in state["projects"]:
            if spec["id"] == body.get("id"):
                return json_answer(envelope(self.requests, timed(DESCRIBERS[action](spec))))
        return self.refusal(None, f"no such project: {body.get('id')}")  # ASSUMPTION

    def list_projects(self, state, body):
        number, size = body.get("pageNumber", 1), body.get("pageSize", 10)
        if size > 150:
            # The documentation's maximum. ASSUMPTION: a larger one is refused.
            return self.refusal(None, "pageSize is at most 150")
        found = [timed(describe(spec)) for spec in state["projects"] if wanted(spec, body)]
        # As documented: gmtCreate, descending, unless told otherwise.
        found.sort(key=lambda item: item[body.get("sortField", "gmtCreate")] or "",
                   reverse=body.get("order", "descend") != "asc")
        page = found[(number - 1) * size : number * size]
        paging = {"pageNumber": number, "pageSize": size, "totalCount": len(found)}
        answer = envelope(self.requests, page, **paging)
        if state["as_printed"]:
            # The sample prints these four as texts, the table calls them boolean and integer.
            answer.update({key: str(value) for key, value in paging.items()}, success="true")
        return json_answer(answer)


def basic(user, password):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode("utf-8")).decode("ascii")
