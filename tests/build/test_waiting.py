from __future__ import annotations

import subprocess
import sys

import pytest

from tests.build.tiny_book import ROOT


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_is_heard_whichever_thread_it_comes_to(name: str) -> None:
    code = (
        "import os, signal, sys, threading, time\n"
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from analysis.build.waiting import finished\n"
        "def end(number, frame): os._exit(7)\n"
        f"signal.signal(signal.{name}, end)\n"
        "def run():\n"
        "    time.sleep(0.2)\n"
        f"    signal.pthread_kill(threading.get_ident(), signal.{name})\n"
        "    time.sleep(20)\n"
        "with ThreadPoolExecutor(1) as pool: list(finished([pool.submit(run)]))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False, timeout=15)
    assert done.returncode == 7
