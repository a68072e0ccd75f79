"""A real Chromium and a Chinese font, both from packages: nothing is asked of the machine."""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserType, Page

from rehab import services

NODE_MODULES = services.CHECKOUT / "node_modules"
FONTS = NODE_MODULES / "@expo-google-fonts" / "noto-serif-sc"
WEIGHTS = ("400Regular", "700Bold")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--font-render-hinting=none",
)  # fmt: skip
VIEWPORT = {"width": 1440, "height": 900}


def unpacked() -> Path:
    """The directory with `chromium` and its libraries, unpacked once per version."""
    package = NODE_MODULES / "@sparticuz" / "chromium" / "package.json"
    home = services.state_dir() / f"chromium-{json.loads(package.read_text())['version']}"
    if not home.exists():
        services.state_dir().mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f"{home.name}-", dir=services.state_dir()))
        # The package unpacks its NSS libraries only where it believes itself in a cloud function.
        told = {"TMPDIR": str(fresh), "AWS_EXECUTION_ENV": "AWS_Lambda_nodejs22.x"}
        script = Path(__file__).with_name("unpack.mjs")
        subprocess.run(["node", str(script)], env=os.environ | told, check=True)
        try:
            fresh.rename(home)
        except OSError:  # another worker was faster
            if not home.exists():
                raise
            shutil.rmtree(fresh)
    return home


def launch(chromium: BrowserType, home: Path) -> Browser:
    """Start the unpacked Chromium; it sees our own font and no other."""
    fonts = home / "fonts-cjk.conf"
    folders = "".join(f"<dir>{FONTS / weight}</dir>" for weight in WEIGHTS)
    fonts.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
        f"<fontconfig>{folders}<cachedir>{home / 'font-cache'}</cachedir></fontconfig>"
    )
    return chromium.launch(
        executable_path=str(home / "chromium"),
        args=list(FLAGS),
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "LD_LIBRARY_PATH": str(home / "al2023" / "lib"),
            "FONTCONFIG_FILE": str(fonts),
        },
    )


class Pages:
    """Opens pages, each in a context of its own: another page is another person at a desk."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.problems: list[str] = []

    def open(self, **options) -> Page:
        """A new page; what goes wrong on it is noted in `problems`."""
        context = self.browser.new_context(
            **{"viewport": VIEWPORT, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"} | options
        )
        context.set_default_timeout(30_000)  # a busy machine is no failure
        page = context.new_page()
        page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        page.on("console", self._listen)
        page.on("request", self._watch)
        return page

    def close(self) -> None:
        """Close every page."""
        for context in self.browser.contexts:
            context.close()

    def _listen(self, message) -> None:
        # A 4xx answer is the test's own business; a violated policy or a script error never is.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.problems.append(f"console: {message.text}")

    def _watch(self, request) -> None:
        url = urlsplit(request.url)
        if url.scheme in ("http", "https", "ws", "wss") and url.hostname != "127.0.0.1":
            self.problems.append(f"left the host: {request.url}")
