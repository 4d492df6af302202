"""One page alone, for its author: run, filled and rendered without waiting for the other pages.

Only the glossary is rendered with it. Links to pages that are not there are printed as warnings; a
build of the whole book refuses them.
"""

from __future__ import annotations

from pathlib import Path

from analysis.build import checks, execute, generated, parameters, postprocess, render, stage
from analysis.build.book import stamp, status
from analysis.build.pages import Page
from analysis.build.publish import prepare, publish
from analysis.build.tree import BuildError, Tree
from analysis.data.problems import expected_of


def preview(
    tree: Tree,
    name: str,
    as_of: str | None = None,
    scenario: str | None = None,
    lock: int | None = None,
) -> Path:
    """The page's HTML below ``_build/pages``; raises ``BuildError`` as a whole build would.

    ``lock`` is the build's, held by whoever calls this.
    """
    chosen, page = asked(tree, name, as_of, scenario)
    apart = Tree(tree.root, f"_build/pages/{name}")
    contents = [page, *_glossary(tree, name)]
    notebooks = [each for each in contents if each.is_notebook]
    executed = execute.execute(tree, chosen, notebooks, quiet=True)
    cutoff = checks.cutoff(tree, chosen)
    chapters = [{"file": each.name} for each in contents[1:]]
    toc = {"format": "jb-book", "root": name, **({"chapters": chapters} if chapters else {})}
    stage.stage(
        apart, contents, executed, generated.texts(tree, contents, chosen), status(chosen, cutoff), toc
    )
    rendered = render.render(apart, contents, cutoff, lock, strict=False)
    ready = prepare(apart, rendered, contents)
    stamp(ready, "preview")
    postprocess.postprocess(ready)
    publish(apart, ready)
    return apart.site / f"{name}.html"


def asked(
    tree: Tree, name: str, as_of: str | None = None, scenario: str | None = None
) -> tuple[parameters.Parameters, Page]:
    """What to build and which page; raises ``BuildError`` for what there is not."""
    chosen = parameters.choose(tree, as_of, scenario)
    page = Page(name, tree.book / f"{name}.md")
    known = sorted(path.stem for path in tree.book.glob("*.md"))
    if name not in known:
        raise BuildError([f"{tree.name(page.path)}: does not exist (expected {expected_of(name, known)})"])
    return chosen, page


def _glossary(tree: Tree, name: str) -> list[Page]:
    page = Page("glossary", tree.book / "glossary.md")
    return [page] if page.path.is_file() and name != page.name else []
