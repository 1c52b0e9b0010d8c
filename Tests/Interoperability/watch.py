"""Another client, who asks for the newest ten Items all the time."""

import contextlib
import http.client
import json
import multiprocessing
import statistics
import time
import urllib.parse


class Watch:
    """Asks while its block runs; then its waits must have been short and its responses right.

    In a process of its own, so that it waits for the server only, not for the threads of the test.
    """

    # In seconds: of the median, of all but one in a hundred, and of the longest wait, since the machine of a test may
    # stand still now and then.
    USUAL_WAIT, LONG_WAIT, LONGEST_WAIT = 0.25, 1.0, 3.0

    def __init__(self, server):
        context = multiprocessing.get_context("spawn")
        self._results, theirs = context.Pipe()
        self._process = context.Process(target=ask, args=(server.url, theirs), daemon=True)

    def __enter__(self):
        self._process.start()
        assert self._results.recv() == "first"
        return self

    def __exit__(self, *exception):
        self._results.send("end")
        waits, faults = self._results.recv()
        self._process.join()
        if exception[0] is None:
            assert not faults
            print(f"waits: median {statistics.median(waits):.3f}, longest {max(waits):.3f} of {len(waits)}")
            assert statistics.median(waits) < self.USUAL_WAIT
            assert sum(wait >= self.LONG_WAIT for wait in waits) <= len(waits) / 100
            assert max(waits) < self.LONGEST_WAIT


def ask(url, results):
    place = urllib.parse.urlsplit(url)
    waits, faults = [], []

    def newest():
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=60)
        with contextlib.closing(connection):
            connection.request("GET", place.path + "/search")
            response = connection.getresponse()
            body = response.read()
        if response.status != 200 or json.loads(body)["numberReturned"] != 10:
            faults.append(f"{response.status}: {body[:200]}")

    newest()
    results.send("first")
    while not results.poll(0.02):
        start = time.monotonic()
        try:
            newest()
        except OSError as error:
            faults.append(repr(error))
        waits.append(time.monotonic() - start)
    results.send((waits, faults))
