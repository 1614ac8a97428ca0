"""A visitor of the dashboard without a browser: speaks the page's own protocol, so that ten fit on a small machine."""

import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.request import Request, urlopen

import websocket
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

PATIENCE_S = 120.0
LINGER_S = 0.3


class Visitor:
    """One session: opens a page, uploads, presses; everything that it was ever sent is kept in `heard`, and when.

    It does what the browser does with fragments that run by themselves, and calls the page quiet once its script has
    ended and none of these is left.
    """

    def __init__(self, address: str, page: str = "", query: str = "") -> None:
        self._address, self._query = address, query
        self.heard: list[bytes] = []
        self.heard_at: list[float] = []
        self.elements: dict[tuple[int, ...], Any] = {}
        self._states: dict[str, WidgetState] = {}
        self._timers: dict[str, float] = {}  # when a fragment runs again
        self._every: dict[str, float] = {}
        self._running, self._begun = True, False  # asked for, and told that it began
        self._answers: dict[str, Any] = {}
        self._session = ""
        self._page = page
        self._last = time.monotonic()
        self._cookie = self._xsrf()
        host = address.partition("//")[2]
        self._socket = websocket.create_connection(
            f"ws://{host}/_stcore/stream",
            subprotocols=["streamlit"],
            header=[f"Cookie: {self._cookie}"],
            timeout=PATIENCE_S,
        )
        self._socket.settimeout(0.1)
        self._send(self._rerun())

    def close(self) -> None:
        """Leave."""
        self._socket.close()

    def until_quiet(self) -> float:
        """Hear what comes until the page is quiet; give the seconds from the call to the last that came.

        Raises:
            TimeoutError: it does not become quiet.
        """
        begun = time.monotonic()
        self._last = begun
        # a fragment that begins the page anew ends before the page begins
        while self._running or self._timers or time.monotonic() - self._last < LINGER_S:
            if time.monotonic() - begun > PATIENCE_S:
                raise TimeoutError(f"not quiet: running {self._running}, fragments {len(self._timers)}")
            self._hear()
        return self._last - begun

    def upload(self, files: Mapping[str, bytes]) -> float:
        """Give files to the first uploader of the page; give the seconds until the page is quiet."""
        begun = time.monotonic()
        widget = self.element("file_uploader")
        asked = str(uuid.uuid4())
        message = BackMsg()
        message.file_urls_request.request_id = asked
        message.file_urls_request.file_names.extend(files)
        message.file_urls_request.session_id = self._session
        self._send(message)
        while asked not in self._answers:
            self._hear()
        state = WidgetState(id=widget.id)
        for urls, (name, content) in zip(self._answers[asked].file_urls, files.items(), strict=True):
            self._put(urls.upload_url, name, content)
            info = state.file_uploader_state_value.uploaded_file_info.add()
            info.name, info.size = name, len(content)
            info.file_id = urls.file_id
            info.file_urls.CopyFrom(urls)
        self._press(state)
        self.until_quiet()
        return self._last - begun

    def choose(self, label: str, option: str) -> float:
        """Press an option of the segmented control of that label; give the seconds until the page is quiet."""
        (widget,) = [one for one in self._all("button_group") if one.label == label]
        state = WidgetState(id=widget.id)
        state.string_array_value.data.append(option)
        self._press(state)
        return self.until_quiet()

    def text(self) -> str:
        """What stands on the page, as far as it is text."""
        parts = []
        for element in self.elements.values():
            parts.append(element.SerializeToString().decode(errors="replace"))
        return "\n".join(parts)

    def element(self, kind: str) -> Any:
        """The first element of a kind, such as `file_uploader`."""
        return self._all(kind)[0]

    def _all(self, kind: str) -> list[Any]:
        return [getattr(one, kind) for one in self.elements.values() if one.WhichOneof("type") == kind]

    def _press(self, state: WidgetState) -> None:
        self._states[state.id] = state
        self._running, self._begun = True, False
        self._send(self._rerun())

    def _rerun(self, fragment: str = "") -> BackMsg:
        message = BackMsg()
        message.rerun_script.query_string = self._query
        message.rerun_script.page_name = self._page
        message.rerun_script.fragment_id = fragment
        message.rerun_script.is_auto_rerun = bool(fragment)
        message.rerun_script.widget_states.widgets.extend(self._states.values())
        return message

    def _send(self, message: BackMsg) -> None:
        self._socket.send_binary(message.SerializeToString())

    def _hear(self) -> None:
        now = time.monotonic()
        for fragment, due in list(self._timers.items()):
            if now >= due and not self._running:
                self._timers[fragment] = now + self._every[fragment]
                self._running, self._begun = True, False
                self._send(self._rerun(fragment))
        try:
            content = self._socket.recv()
        except websocket.WebSocketTimeoutException:
            return
        self._last = time.monotonic()
        self.heard.append(content)
        self.heard_at.append(self._last)
        message = ForwardMsg.FromString(content)
        self._take(message)

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._session = message.new_session.initialize.session_id
            self._begun = self._running = True
            if not message.metadata.run.fragment_ids:
                self._timers.clear()
                self.elements.clear()
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self.elements[tuple(message.metadata.delta_path)] = message.delta.new_element
        elif kind == "auto_rerun":
            self._every[message.auto_rerun.fragment_id] = message.auto_rerun.interval
            self._timers[message.auto_rerun.fragment_id] = time.monotonic() + message.auto_rerun.interval
        elif kind == "stop_auto_rerun":
            self._timers.pop(message.stop_auto_rerun.fragment_id, None)
        elif kind == "file_urls_response":
            self._answers[message.file_urls_response.response_id] = message.file_urls_response
        elif kind == "script_finished" and self._begun:
            # a run that ends early is followed by another at once
            self._begun = self._running = message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN

    def _xsrf(self) -> str:
        with urlopen(f"{self._address}/_stcore/health", timeout=PATIENCE_S) as answer:
            return str(answer.headers["Set-Cookie"]).partition(";")[0]

    def _put(self, url: str, name: str, content: bytes) -> None:
        boundary = uuid.uuid4().hex
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        head += "Content-Type: application/octet-stream\r\n\r\n"
        body = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
        headers = {
            "Content-Type": f"multipart/form-data; boundary={boundary}",
            "Cookie": self._cookie,
            "X-Xsrftoken": self._cookie.partition("=")[2],
        }
        with urlopen(Request(f"{self._address}{url}", body, headers, method="PUT"), timeout=PATIENCE_S):
            return


def side_by_side(work: Sequence[Callable[[], object]]) -> None:
    """Run functions at the same time, each in a thread of its own, and wait for all.

    Raises:
        Exception: the first that one of them raised.
    """
    with ThreadPoolExecutor(len(work)) as pool:
        for one in [pool.submit(one) for one in work]:
            one.result()
