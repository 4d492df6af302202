"""The whole build, step by step: check, execute, stage, render, verify, publish."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.build import manifest, parameters
from analysis.build.publish import only_build, prepare, publish
from analysis.build.tree import BuildError, Tree
from analysis.formats import day

if TYPE_CHECKING:
    from analysis.build.kernel import Start

# Stands on rendered pages where the id of the build goes.
BUILD_ID = "{build-id}"
OPEN_FILES = 256  # that a process of the build may hold at a time


@dataclass(frozen=True)
class Options:
    """What a build can be asked for."""

    as_of: str | None = None
    scenario: str | None = None
    start: Start = "forked" if sys.platform == "linux" else "spawned"
    workers: int = 2
    quiet: bool = False


def build(tree: Tree, options: Options = Options()) -> bool:
    """Bring ``_build/html`` up to date; says whether there was anything to do.

    Raises ``BuildError`` with every problem of the step that failed; the old site then stays. What was built
    while an input changed is built again next time.
    """
    chosen = parameters.choose(tree, options.as_of, options.scenario)
    with only_build(tree) as lock:
        known = manifest.read(tree)
        before = manifest.inputs(tree)
        if manifest.is_current(known, chosen.as_dict(), before, tree):
            return False
        _steps(tree, chosen, options, manifest.build_id(chosen.as_dict(), before), lock)
        if manifest.inputs(tree) == before:  # else no state of them is what the site was built from
            manifest.write(tree, chosen.as_dict(), before)
    return True


def _steps(tree: Tree, chosen: parameters.Parameters, options: Options, build_id: str, lock: int) -> None:
    from analysis.build import pages, render

    _allow_open_files()
    say = _speaker(options.quiet)
    say("check")
    with render.Renderer(tree, options.workers) as renderer:  # it imports while others work
        from analysis.build import (
            checks,
            diff,
            downloads,
            generated,
            kept,
            lint,
            postprocess,
            stage,
            taken,
            verify,
        )
        from analysis.build.execute import Execution

        contents = pages.read_toc(tree)
        notebooks = [page for page in contents if page.is_notebook]
        with Execution(tree, chosen, notebooks, options.start) as execution:  # likewise
            checks.check(tree)
            prose = kept.Kept(tree.build / "prose.json")
            lint.check(tree, prose)
            prose.write()
            cutoff = checks.cutoff(tree, chosen)
            say("execute")
            executed = execution.run(options.workers, options.quiet)
            execution.forget_unused()
        say("stage")
        texts, drawn = generated.texts(tree, contents, chosen), kept.Kept(tree.build / "numbers.json")
        stage.stage(tree, contents, executed, texts, status(chosen, cutoff), kept=drawn)
        drawn.write()
        say("render")
        renderer.begin(contents, cutoff, lock)
        files = downloads.ready(tree, chosen, tree.stage.glob("*.*"))
        rendered = renderer.finish()
    say("verify")
    ready = prepare(tree, rendered, contents)
    stamp(ready, build_id)
    known = kept.Kept(tree.render / "read.json", build_id)
    postprocess.postprocess(ready, known)
    downloads.write(files, ready)
    taken.write(ready, contents, executed, chosen, day(cutoff))
    verify.verify(ready, contents, tree.data, known)
    known.write()
    publish(tree, ready)
    if not options.quiet:
        diff.print_moved(tree, chosen.as_dict(), executed, cutoff)
    say(f"publish: {tree.name(tree.site / 'index.html')}")


def _allow_open_files() -> None:
    """Raise this process's limit of open files, which its children inherit, to what a build takes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= OPEN_FILES:
        return
    if hard != resource.RLIM_INFINITY and hard < OPEN_FILES:
        raise BuildError([f"{hard} open files are allowed (expected {OPEN_FILES} or more: `ulimit -n`)"])
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, hard))


def status(chosen: parameters.Parameters, cutoff: date) -> dict[str, str]:
    """What the pages say of the build they belong to."""
    return {"edition": chosen.as_of, "scenario": chosen.scenario, "cutoff": day(cutoff), "build": BUILD_ID}


def stamp(site: Path, build_id: str) -> None:
    """Write the build's id where templates left room for it.

    It comes in last: it changes with every input, and a page must not be rendered again for that.
    """
    for path in site.rglob("*.html"):
        html = path.read_bytes()
        if BUILD_ID.encode() in html:
            path.write_bytes(html.replace(BUILD_ID.encode(), build_id.encode()))


def _speaker(quiet: bool) -> Callable[[str], None]:
    began = time.monotonic()

    def say(step: str) -> None:
        if not quiet:
            print(f"{time.monotonic() - began:5.1f} s  {step}", file=sys.stderr, flush=True)

    return say
