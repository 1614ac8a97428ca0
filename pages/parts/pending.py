"""Work that takes longer than a page may wait: done in a thread beside it, looked after until it is there."""

import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import StopException, get_script_run_ctx

from pages.parts.keys import WATCHED, WORK

T = TypeVar("T")
PATIENCE_S = 0.15  # how long a script may wait for work that may be there at once
LOOK_EVERY_S = 0.4
TOGETHER_S = 0.6  # how long what is done waits for what was begun with it, so that the page is drawn once for both
_KEPT = 48  # pieces of work of a session; the oldest are forgotten
_CREW = ThreadPoolExecutor(64, "pending")  # for all sessions; its threads wait for other processes


@dataclass
class Work:
    """One piece of work: its result to come, when it was begun, and how far it is (0 to 1; None if nobody can say)."""

    result: "Future[Any]"
    begun: float = field(default_factory=time.monotonic)
    share: float | None = None
    ended: float = 0.0


def awaited(key: Hashable, doing: str, work: Callable[[], T], stop: Callable[[], None] | None = None) -> T | None:
    """Give the result of work that a session does once; until it is there, say what is being done and give None.

    The page goes on below, and is run again as soon as the result is there. The work runs in another thread: it may
    not touch Streamlit, and should hand anything heavy to another process.

    Args:
        key: what the result depends on; one result a key and session.
        doing: what the person reads meanwhile, such as "Reading 3 files".
        work: gives the result.
        stop: ends the work early; offered as a button once it takes long.

    Raises:
        EcgError: the work failed; it is tried anew in the next run of the page.
    """
    return _awaited(key, doing, lambda _: work(), stop, moving=stop is not None)


def awaited_steps(
    key: Hashable,
    doing: str,
    work: Callable[[Callable[[float], None]], T],
    stop: Callable[[], None] | None = None,
) -> T | None:
    """Give what `awaited` gives, of work that is handed a function to say how far it is (0 to 1)."""
    return _awaited(key, doing, work, stop, moving=True)


def watch() -> None:
    """Begin to draw a page: what it waits for is looked after by `look_after_watched`, once for all."""
    st.session_state[WATCHED] = []


def leave() -> NoReturn:
    """End the page here, as `st.stop` does, but so that what it waits for is still looked after.

    Raises:
        StopException: always; Streamlit takes it for the end.
    """
    raise StopException


def look_after_watched() -> None:
    """Begin the page anew as soon as what it waits for is there."""
    works: list[Work] = st.session_state.pop(WATCHED, [])
    if not works:
        return

    @st.fragment(run_every=LOOK_EVERY_S)
    def look() -> None:
        done = [one for one in works if one.result.done()]
        if done and (len(done) == len(works) or time.monotonic() - min(one.ended for one in done) > TOGETHER_S):
            st.rerun()

    look()


def _awaited(
    key: Hashable,
    doing: str,
    work: Callable[[Callable[[float], None]], T],
    stop: Callable[[], None] | None,
    *,
    moving: bool,
) -> T | None:
    all_work = _of_session()
    if key not in all_work:
        _keep(key, _begun(work))
    one = all_work[key]
    watched: list[Work] | None = None if _in_fragment() else st.session_state.get(WATCHED)
    try:
        failure = one.result.exception(0 if watched else PATIENCE_S)  # a page waits for one, not for each in turn
    except NotYet:
        if watched is not None:
            watched.append(one)
        if watched is None or moving:
            _look_after(one, doing, stop)
        else:
            st.caption(f":material/hourglass_top: {doing} …", width="content")
        return None
    if failure is not None:
        del all_work[key]
        raise failure
    found: T = one.result.result()
    return found


def begin(key: Hashable, work: Callable[[], Any]) -> None:
    """Begin work that the page will soon ask for under that key, and wait for nothing."""
    if key not in _of_session():
        _keep(key, _begun(lambda _: work()))


def remembered(key: Hashable, make: Callable[[], T]) -> T:
    """Give what a page makes at once, such as a figure; made once a key and session, for a page is drawn many times."""
    one = _of_session().get(key)
    if one is None:
        one = Work(Future())
        one.result.set_result(make())
        _keep(key, one)
    found: T = one.result.result()
    return found


def already(key: Hashable) -> Any:
    """Give a result that is there; None where it is not, or not yet, or failed. Nothing is begun."""
    one: Work | None = st.session_state.get(WORK, {}).get(key)
    done = one is not None and one.result.done() and one.result.exception() is None
    return one.result.result() if one is not None and done else None


def forget(key: Hashable) -> None:
    """Forget a result, so that the next run of the page works it out anew."""
    st.session_state.get(WORK, {}).pop(key, None)


def _of_session() -> dict[Hashable, Work]:
    found: dict[Hashable, Work] = st.session_state.setdefault(WORK, {})
    return found


def _keep(key: Hashable, one: Work) -> None:
    """Keep work, and forget the oldest that is done where there is too much."""
    all_work = _of_session()
    all_work[key] = one
    done = [name for name, old in all_work.items() if old.result.done() and name != key]
    for oldest in done[: max(len(all_work) - _KEPT, 0)]:
        del all_work[oldest]


def _begun(work: Callable[[Callable[[float], None]], Any]) -> Work:
    one = Work(Future())

    def said(share: float) -> None:
        one.share = share

    def ended(_: "Future[Any]") -> None:
        one.ended = time.monotonic()

    one.result = _CREW.submit(work, said)
    one.result.add_done_callback(ended)
    return one


def _in_fragment() -> bool:
    """Tell whether only a part of the page is being drawn: what that waits for, it looks after itself."""
    run = get_script_run_ctx()
    return run is not None and bool(run.fragment_ids_this_run)


def _look_after(one: Work, doing: str, stop: Callable[[], None] | None) -> None:
    """Draw what is being done, for how long, and how long it may still take; begin the page anew once it is done."""

    @st.fragment(run_every=LOOK_EVERY_S)
    def look() -> None:
        if one.result.done():
            st.rerun()
        passed = time.monotonic() - one.begun
        words = f"{doing} …" if passed < 1 else f"{doing} … {passed:.0f} s"
        if one.share:
            words += f", about {passed / one.share - passed:.0f} s left"
        with st.container(horizontal=True, vertical_alignment="center"):
            if one.share is None:
                st.caption(f":material/hourglass_top: {words}", width="content")
            else:
                st.progress(min(one.share, 1.0), words)
            if stop is not None and passed > 1:
                st.button("Stop", key=f"stop {id(one)}", on_click=stop, type="tertiary")

    look()
