"""Free cash flow discounted: rates, paths, terminal value, and what a price implies."""
