"""Charts, tables and calculators: how the report's numbers are shown."""
