"""nginx and Caddy with the files of docs/deploy, on another port and with a certificate of their own."""

import datetime
import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.browser.chromium import ROOT

FILES = ROOT / "docs" / "deploy"
Written = Callable[[Path, int, int], list[str]]


def nginx(folder: Path, port: int, behind: int) -> list[str]:
    """Write the configuration of nginx for a folder, and give the command that runs it."""
    text = (FILES / "nginx.conf").read_text()
    for old, new in {
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "server_name ecg.example": "server_name localhost",
        "/etc/ssl/ecg.example.pem": str(folder / "localhost.pem"),
        "/etc/ssl/ecg.example.key": str(folder / "localhost.key"),
        "http://127.0.0.1:8501": f"http://127.0.0.1:{behind}",
    }.items():
        assert old in text, old
        text = text.replace(old, new)
    places = "".join(f"{kind}_temp_path {folder};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    # as root nginx would hand its files to a user who may not enter this folder
    user = "user root;\n" if os.geteuid() == 0 else ""
    whole = f"{user}daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;\nevents {{}}\n"
    (folder / "nginx.conf").write_text(f"{whole}http {{\naccess_log off;\n{places}{text}\n}}\n")
    return ["nginx", "-e", str(folder / "nginx.log"), "-p", str(folder), "-c", str(folder / "nginx.conf")]


def caddy(folder: Path, port: int, behind: int) -> list[str]:
    """Write the configuration of Caddy for a folder, and give the command that runs it."""
    text = (FILES / "Caddyfile").read_text()
    own = f"https://localhost:{port} {{\n\ttls {folder / 'localhost.pem'} {folder / 'localhost.key'}\n"
    for old, new in {"ecg.example {\n": own, "127.0.0.1:8501": f"127.0.0.1:{behind}"}.items():
        assert old in text, old
        text = text.replace(old, new)
    (folder / "Caddyfile").write_text(f"{{\n\tadmin off\n\tauto_https off\n}}\n{text}")
    return ["caddy", "run", "--config", str(folder / "Caddyfile")]


@contextmanager
def proxied(written: Written, folder: Path, behind: int) -> Iterator[str]:
    """Give the address of a proxy before a server of this machine, and end it afterwards."""
    _certificate(folder)
    port = _free_port()
    with (folder / "proxy.log").open("w") as log:
        process = subprocess.Popen(written(folder, port, behind), stdout=log, stderr=log)
    try:
        _wait_for(port, process, folder / "proxy.log")
        yield f"https://localhost:{port}"
    finally:
        process.terminate()
        process.wait(20)


def missing_proxy(name: str) -> str:
    """Give a sentence if a proxy is not installed; an empty text if it is."""
    return "" if shutil.which(name) else f"{name} is not installed"


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def _wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    unchecked = ssl._create_unverified_context()
    for _ in range(300):
        if process.poll() is not None:
            raise RuntimeError(log.read_text()[-2000:])
        try:
            with (
                socket.create_connection(("127.0.0.1", port), 2) as plain,
                unchecked.wrap_socket(plain, server_hostname="localhost"),
            ):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(log.read_text()[-2000:])


def _certificate(folder: Path) -> None:
    """Write a certificate for localhost that nobody signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "localhost.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "localhost.key").write_bytes(key.private_bytes(*plain))
