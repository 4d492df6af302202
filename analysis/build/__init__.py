"""From notebooks to a site: check, execute, stage, render, verify, publish.

Each step is a module of its own, :mod:`analysis.build.book` runs them in order, and nothing else
in :mod:`analysis` imports this package.
"""
