"""The report's model as a workbook with live formulas, each with the kernel's number as its result.

A reader who changes an assumption sees the workbook compute what :mod:`analysis.model` would. The formulas
are a second writing of the same rules, so a test evaluates every one and compares it with the kernel.
"""
