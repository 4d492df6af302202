"""Past forecasts remade from what was known then, and scored."""
