"""The chapters: for each page, the numbers, charts and tables that its text draws on."""

from analysis.chapters.page import Page, PageError, Unavailable, open_page

__all__ = ["Page", "PageError", "Unavailable", "open_page"]
