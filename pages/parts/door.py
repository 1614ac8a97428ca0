"""Who may come in: nobody from outside where no login is configured, and then only those on the list."""

import ipaddress
import os
from collections.abc import Mapping
from typing import Any

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from pages.parts.names import shown_name

OPEN = "ECGSSL_OPEN"  # set to 1: reachable from outside without a login; every page then says so in red
ALL = "research"
_LEAST_SECRET = 32  # bytes of the cookie's secret
_NEEDED = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
_LOCAL = {"localhost", "127.0.0.1", "::1", "[::1]"}


def refusal() -> str | None:
    """Give the sentence why the server may not start as it is configured, or None."""
    if not reachable() or os.environ.get(OPEN) == "1":
        return None
    problem = login_problem(secrets())
    if problem is None:
        return None
    return (
        f"The workbench would be reachable from other machines, and {problem}. Configure a login (docs/deploy.md), "
        "or leave server.address at 127.0.0.1."
    )


def reachable() -> bool:
    """Tell whether other machines can reach the server: by its address, or by the names that it answers to."""
    address = st.get_option("server.address")
    hosts = st.get_option("server.allowedHosts") or []
    return not is_loopback(address) or any(host not in _LOCAL for host in hosts)


def is_loopback(address: str | None) -> bool:
    """Tell whether an address is that of this machine only; none at all stands for every address."""
    if not address:
        return False
    try:
        return ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return address == "localhost"


def secrets() -> Mapping[str, Any]:
    """Give what .streamlit/secrets.toml holds; nothing where there is none."""
    try:
        return st.secrets.to_dict()
    except StreamlitSecretNotFoundError:
        return {}


def login_problem(found: Mapping[str, Any]) -> str | None:
    """Give what is missing for a login, as a part of a sentence; None where people are kept out.

    Args:
        found: the secrets: `[auth]` as Streamlit's login wants it, `[access]` with the people let in.
    """
    auth, access = found.get("auth", {}), found.get("access", {})
    if access.get("checked_by_proxy") is True:
        return None
    if not auth:
        return "no login is configured"
    missing = [name for name in _NEEDED if not auth.get(name)]
    if missing:
        return f"its login lacks {', '.join(missing)}"
    if len(str(auth["cookie_secret"]).encode()) < _LEAST_SECRET:
        return f"the cookie_secret of its login is shorter than {_LEAST_SECRET} bytes"
    if not (access.get("readers") or access.get("researchers")):
        return "nobody is named in [access], so that anybody with an account would come in"
    return None


def let_in() -> frozenset[str]:
    """Show a login to those who have to pass one, and stop there; give the sections that the visitor may use.

    Without a configured login everybody on this machine may use everything.
    """
    found = secrets()
    if reachable() and os.environ.get(OPEN) == "1" and login_problem(found) is not None:
        st.error("Open to everybody who can reach this machine: no login is configured.", icon=":material/lock_open:")
    if not found.get("auth"):
        return frozenset({"clinic", ALL})
    if st.user.get("is_logged_in") is not True:
        st.title("ECG workbench")
        st.info("This workbench is for the people whom its owner has named.")
        st.button("Log in", type="primary", on_click=st.login, icon=":material/login:")
        st.stop()
    rooms = sections_of(str(st.user.get("email") or ""), is_verified(st.user.get("email_verified", True)), found)
    with st.sidebar:
        st.caption(shown_name(str(st.user.get("email") or "")))
        st.button("Log out", on_click=st.logout, icon=":material/logout:", type="tertiary")
    if not rooms:
        st.error("This account is not among those whom the owner of this workbench has named; ask them.")
        st.stop()
    return rooms


def is_verified(said: object) -> bool:
    """Tell whether a provider says that an address is the person's: some say it in letters, "true" or "false"."""
    return said is True or str(said).lower() == "true"


def sections_of(email: str, verified: bool, found: Mapping[str, Any]) -> frozenset[str]:
    """Give the sections that a person may use: readers the clinic, researchers all; a name may be `@domain`.

    Args:
        email: of the account.
        verified: whether the provider says that the address is the person's.
        found: the secrets.
    """
    access = found.get("access", {})

    def named(group: str) -> bool:
        people = {str(one).lower() for one in access.get(group, ())}
        return bool(people & {email.lower(), f"@{email.lower().rpartition('@')[2]}"})

    if not verified or "@" not in email:
        return frozenset()
    if named("researchers"):
        return frozenset({"clinic", ALL})
    return frozenset({"clinic"}) if named("readers") else frozenset()
