"""A worker of Signalbox in Python, with the standard library alone. docs/worker-protocol.md explains each step.

    SIGNALBOX_URL=http://127.0.0.1:4000 SIGNALBOX_TOKEN=… python3 worker.py
"""

import json
import os
import random
import signal
import socket
import sys
import threading
import time
import urllib.error
import urllib.request

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0
HEARTBEAT_SECONDS = 10.0
CLAIM_SECONDS = 20
PROBLEM = "... on Problem { __typename detail }"


class Refused(Exception):
    """The server has understood, and says no: `name` is that of the problem."""

    def __init__(self, name, detail):
        super().__init__(detail)
        self.name = name


class Stopped(Exception):
    """Raised out of a wait for work when the process is told to end."""


class TaskError(Exception):
    """Raised by a handler to say more about a failure than its message."""

    def __init__(self, message, code=None, retryable=None, retry_after_seconds=None):
        super().__init__(message)
        self.code, self.retryable, self.retry_after_seconds = code, retryable, retry_after_seconds


class Connection:
    """Sends operations, and again for as long as nobody has answered them."""

    def __init__(self, url, token):
        self.url, self.token = url.rstrip("/") + "/graphql", token

    def send(self, document, given_up=None, **variables):
        pause = FIRST_PAUSE
        while True:
            try:
                return self._once(document, variables)
            except (OSError, ValueError) as error:
                # No connection, 5xx, or a proxy's page in the place of an answer: it passes.
                if given_up is not None and given_up.is_set():
                    raise
                print(f"Trying again: {error}", file=sys.stderr)
            time.sleep(pause * random.uniform(0.7, 1.3))
            pause = min(2 * pause, LONGEST_PAUSE)

    def _once(self, document, variables):
        body = json.dumps({"query": document, "variables": variables}).encode()
        headers = {
            "content-type": "application/json",
            "accept": "application/graphql-response+json",
            "authorization": f"Bearer {self.token}",
        }
        request = urllib.request.Request(self.url, body, headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                answer = json.load(response)
        except urllib.error.HTTPError as error:
            if error.code >= 500 or error.code in (408, 429):
                raise
            raise Refused("HTTP", f"{error.code}: {error.read().decode()[:500]}") from error
        if answer.get("errors"):
            error = answer["errors"][0]
            code = error.get("extensions", {}).get("code")
            if code in ("DATABASE_UNAVAILABLE", "OVERLOADED", "INTERNAL_SERVER_ERROR"):
                raise OSError(error["message"])
            raise Refused(code, error["message"])
        (result,) = answer["data"].values()
        if "detail" in result:
            raise Refused(result["__typename"], result["detail"])
        return result


class Task:
    """One attempt: what a handler gets."""

    def __init__(self, worker, claimed):
        self.id, self.attempt, self.payload = claimed["id"], claimed["attempt"], claimed["payload"]
        self.job = claimed["job"]["fullName"]
        self.stopped = threading.Event()
        self._worker = worker
        self.held = {"taskId": self.id, "attempt": self.attempt}

    def progress(self, percent, message=None):
        report = {**self.held, "workerId": self._worker.id, "percent": percent, "message": message}
        try:
            self._worker.connection.send(REPORT, given_up=self.stopped, input=report)
        except Refused:
            # The attempt is over: cancelled, timed out, or given to another worker.
            self.stopped.set()


REGISTER = "mutation ($input: RegisterWorkerInput!) { registerWorker(input: $input) { ... on RegisterWorkerSuccess { worker { id } } %s } }" % PROBLEM
REGISTER_JOB = "mutation ($input: RegisterJobInput!) { registerJob(input: $input) { ... on RegisterJobSuccess { job { fullName } } %s } }" % PROBLEM
CLAIM = "mutation ($input: ClaimTasksInput!) { claimTasks(input: $input) { ... on ClaimTasksSuccess { tasks { id attempt payload job { fullName } } } %s } }" % PROBLEM
HEARTBEAT = "mutation ($workerId: ID!, $holding: [HeldAttemptInput!]) { heartbeat(workerId: $workerId, holding: $holding) { ... on HeartbeatSuccess { stop worker { drainingSince } } %s } }" % PROBLEM
REPORT = "mutation ($input: ReportProgressInput!) { reportProgress(input: $input) { __typename %s } }" % PROBLEM
COMPLETE = "mutation ($input: CompleteTaskInput!) { completeTask(input: $input) { __typename %s } }" % PROBLEM
FAIL = "mutation ($input: FailTaskInput!) { failTask(input: $input) { __typename %s } }" % PROBLEM
RELEASE = "mutation ($input: AttemptInput!) { releaseTask(input: $input) { __typename %s } }" % PROBLEM
DEREGISTER = "mutation ($workerId: ID!) { deregisterWorker(workerId: $workerId) { __typename %s } }" % PROBLEM


class Worker:
    """Serves jobs, one task at a time."""

    def __init__(self, url, token, name):
        self.connection = Connection(url, token)
        self.name, self.id = name, None
        self.jobs, self.handlers = [], {}
        self.stopping = threading.Event()
        self.current = None

    def job(self, name, handler, category="general", **definition):
        self.jobs.append(({"name": name, "category": category, **definition}, handler))

    def register(self):
        worker = {"name": self.name, "capacity": 1, "host": socket.gethostname()}
        self.id = self.connection.send(REGISTER, input=worker)["worker"]["id"]
        for definition, handler in self.jobs:
            job = self.connection.send(REGISTER_JOB, input={**definition, "workerId": self.id})["job"]
            self.handlers[job["fullName"]] = handler

    def run(self):
        self.register()
        print(f"Registered as {self.id}", flush=True)
        threading.Thread(target=self._beat, daemon=True).start()
        try:
            while not self.stopping.is_set():
                for task in self._claim():
                    self._work(task)
        except Stopped:
            pass
        # Gives back what a claim may have brought in the last moment.
        self.connection.send(DEREGISTER, given_up=self.stopping, workerId=self.id)

    def stop(self, *_):
        """For a signal: ends a wait for work at once, and a task when it is done."""
        self.stopping.set()
        if self.current is None:
            raise Stopped()

    def _claim(self):
        wanted = {"workerId": self.id, "limit": 1, "start": True, "waitSeconds": CLAIM_SECONDS}
        try:
            return self.connection.send(CLAIM, given_up=self.stopping, input=wanted)["tasks"]
        except Refused as refused:
            if refused.name != "WorkerNotFound":
                raise
            # Given up for dead: as a new one.
            self.register()
        except (OSError, ValueError):
            pass
        return []

    def _work(self, claimed):
        task = self.current = Task(self, claimed)
        held = {**task.held, "workerId": self.id}
        try:
            result = self.handlers[task.job](task)
            document, outcome = COMPLETE, {**held, "result": result}
        except Exception as error:
            document, outcome = FAIL, {**held, "error": describe(error)}
        if task.stopped.is_set():
            # Nothing is reported of what was stopped, but that its handler has ended.
            document, outcome = RELEASE, held
        try:
            # Until it is answered: what was done is not thrown away.
            self.connection.send(document, input=outcome)
        except Refused as refused:
            print(f"{task.id}: {refused}", file=sys.stderr)
        finally:
            self.current = None

    def _beat(self):
        while not self.stopping.wait(HEARTBEAT_SECONDS):
            task = self.current
            holding = [task.held] if task else []
            try:
                beat = self.connection.send(HEARTBEAT, workerId=self.id, holding=holding)
            except Refused:
                continue  # The next claim finds out, too.
            if task and task.id in beat["stop"]:
                task.stopped.set()
            if beat["worker"]["drainingSince"]:
                self.stopping.set()


def describe(error):
    described = {"message": str(error) or type(error).__name__, "code": getattr(error, "code", None)}
    for field, name in (("retryable", "retryable"), ("retryAfterSeconds", "retry_after_seconds")):
        if getattr(error, name, None) is not None:
            described[field] = getattr(error, name)
    return described


def count_words(task):
    """The job of this example."""
    text = task.payload["text"]
    if not text.strip():
        raise TaskError("There is no text", code="EMPTY", retryable=False)
    task.progress(50, "counting")
    return {"words": len(text.split())}


if __name__ == "__main__":
    worker = Worker(os.environ["SIGNALBOX_URL"], os.environ["SIGNALBOX_TOKEN"], "words in Python")
    worker.job(
        "count-words",
        count_words,
        room="texts",
        payloadSchema={"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}},
        resultSchema={"type": "object", "required": ["words"], "properties": {"words": {"type": "integer"}}},
    )
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, worker.stop)
    worker.run()
