"""From an edition's figures to the kernels' inputs, and from their results back to figures.

The kernels of :mod:`analysis.model` know no files, the editions of :mod:`analysis.data` no formulas. Here
they meet, once for all chapters: the group's starting point, its projection, and the values that
rest on it.
"""
