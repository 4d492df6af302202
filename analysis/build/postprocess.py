"""Finish."""


def postprocess(site): ...
